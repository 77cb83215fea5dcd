using Rectune.Core.Models;

namespace Rectune.Core.Onnx;

/// <summary>How a fully connected layer is written in one dense precision.</summary>
public interface ILayerWriter
{
    /// <param name="graph">Receives weights and nodes.</param>
    /// <param name="result">Name of the layer's output.</param>
    /// <param name="x">Name of its input, <c>[batch, …, inputs]</c>.</param>
    /// <param name="rank">Axes of the input.</param>
    /// <param name="shape">The layer.</param>
    void Write(GraphWriter graph, string result, string x, int rank, LinearShape shape);
}
