using Rectune.Core.Domain;

namespace Rectune.Engine.Sessions;

/// <summary>The dense part of a model, ready to be loaded any number of times.</summary>
public sealed class DenseModel
{
    /// <param name="card">The model.</param>
    /// <param name="graph">Its dense part as an ONNX file with the tensors named in <see cref="DenseTensors"/>.</param>
    public DenseModel(ModelCard card, byte[] graph)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(graph);
        Graph = graph;
        DenseWidth = card.DenseFeatures;
        PooledWidth = card.Sparse.Sum(feature => feature.Dim);
    }

    /// <summary>The ONNX file.</summary>
    public byte[] Graph { get; }

    public int DenseWidth { get; }

    /// <summary>Sum of the tables' dims.</summary>
    public int PooledWidth { get; }
}
