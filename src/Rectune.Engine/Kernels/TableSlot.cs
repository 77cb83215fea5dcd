using Rectune.Core.Domain;

namespace Rectune.Engine.Kernels;

/// <summary>
/// One table of a model: which feature reads it, how ids become rows, and where its vectors go in a sample's output row. An id reads row
/// (id / <see cref="Divisor"/>) mod <see cref="Modulus"/>.
/// </summary>
public sealed record TableSlot
{
    /// <summary>Index of the feature's column in <see cref="FeatureBatch.Columns"/>.</summary>
    public required int Feature { get; init; }

    /// <summary>Rows of the table.</summary>
    public required long Rows { get; init; }

    /// <summary>Elements of a row.</summary>
    public required int Dim { get; init; }

    /// <summary>First element of this slot in the output row.</summary>
    public required int Target { get; init; }

    /// <summary>
    /// 0: the bag's rows are summed into one vector. T ≥ 1: the rows of the bag's first T ids are stored one after another, <c>[T, dim]</c>, and steps
    /// that a shorter bag lacks are zeros.
    /// </summary>
    public int Steps { get; init; }

    /// <summary>Consecutive ids that share a row.</summary>
    public int Divisor { get; init; } = 1;

    /// <summary>Quotients this far apart share a row; 0: none do.</summary>
    public int Modulus { get; init; }

    /// <summary>Index of an earlier slot of the same shape whose rows this one reads, with no memory of its own; null: the rows are its own.</summary>
    public int? SharedWith { get; init; }

    /// <summary>Used in errors; null: the slot goes by its index.</summary>
    public string? Name { get; init; }

    /// <summary>Elements written in the output row.</summary>
    public int Width => Math.Max(1, Steps) * Dim;

    /// <summary>One pooled slot a feature, in order, one after another: <c>[sum of dims]</c>.</summary>
    public static IReadOnlyList<TableSlot> ForFeatures(IReadOnlyList<SparseFeature> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        var slots = new TableSlot[features.Count];
        var target = 0;
        for (var i = 0; i < slots.Length; i++)
        {
            var feature = features[i];
            slots[i] = new TableSlot { Feature = i, Rows = feature.Rows, Dim = feature.Dim, Target = target, Name = feature.Name };
            target += feature.Dim;
        }

        return slots;
    }
}
