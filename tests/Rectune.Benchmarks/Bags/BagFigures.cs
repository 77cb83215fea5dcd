namespace Rectune.Benchmarks.Bags;

/// <summary>What was measured of one way of pooling, one entry a round.</summary>
/// <param name="Name">The way: <c>PyTorch fp32</c>, <c>fp32</c>, …</param>
/// <param name="RowBytes">Bytes of a row.</param>
/// <param name="LargestError">Largest difference of an element of the first batch from PyTorch's; null for PyTorch itself.</param>
internal sealed record BagFigures(string Name, int RowBytes, double? LargestError)
{
    /// <summary>Rows a second.</summary>
    public List<double> RowsPerSecond { get; } = [];

    /// <summary>The rows a second that the machine can fetch at this size, measured in the same round.</summary>
    public List<double> LimitRowsPerSecond { get; } = [];
}
