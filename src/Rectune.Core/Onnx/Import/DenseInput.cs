namespace Rectune.Core.Onnx;

/// <summary>One input of a user's model that is fed from <c>dense [batch, W]</c>.</summary>
/// <param name="Name">The model's own input.</param>
/// <param name="Shape">Extents after the batch.</param>
/// <param name="Offset">First column in <c>dense</c>.</param>
/// <param name="Width">Columns: the product of <paramref name="Shape"/>.</param>
/// <param name="IsInteger">True when the model declares integers; columns then hold whole numbers, exact up to 2²⁴.</param>
/// <param name="Rows">For ids whose lookup stays in the graph: how many ids there are; null for numbers.</param>
public sealed record DenseInput(string Name, IReadOnlyList<long> Shape, int Offset, int Width, bool IsInteger, long? Rows);
