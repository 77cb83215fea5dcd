namespace Rectune.Core.Models;

/// <summary>A value in a graph under construction.</summary>
/// <param name="Name">Unique in its graph.</param>
/// <param name="Extents">Axes after the batch; of a parameter, all axes.</param>
public sealed record GraphValue(string Name, IReadOnlyList<int> Extents)
{
    /// <summary>Extent of the last axis.</summary>
    public int Width => Extents[^1];

    /// <summary>Elements of one sample.</summary>
    public int Elements => Extents.Aggregate(1, (product, extent) => checked(product * extent));
}
