using Rectune.Core.Domain;
using Rectune.Core.Models;

namespace Rectune.Core.Onnx;

/// <summary>The dense part of a model as an ONNX file.</summary>
public static class DenseGraph
{
    /// <param name="layout">The model, and what its <c>pooled</c> input holds.</param>
    /// <param name="parameters">Values of the parameters.</param>
    /// <param name="variant">One of <see cref="ModelGraph.Variants"/>.</param>
    /// <param name="densePrecision">One of <see cref="DensePrecision.All"/>.</param>
    public static byte[] Write(
        VectorLayout layout, IParameters parameters, string variant = GraphVariants.Default, string densePrecision = DensePrecision.Fp32)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var writer = new GraphWriter(layout.Card.Name, parameters, densePrecision == DensePrecision.Int8 ? new ByteLayerWriter() : null);
        ModelGraph.Build(layout, variant, new GraphBuilder(writer));
        return writer.ToBytes();
    }
}
