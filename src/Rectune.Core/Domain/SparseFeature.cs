namespace Rectune.Core.Domain;

/// <summary>One categorical feature and the table behind it.</summary>
public sealed record SparseFeature
{
    /// <summary>Unique in its card; requests and errors use it.</summary>
    public required string Name { get; init; }

    /// <summary>Rows of the table; ids run from 0 to <c>Rows − 1</c>.</summary>
    public required long Rows { get; init; }

    /// <summary>Elements of a row.</summary>
    public required int Dim { get; init; }

    /// <summary>Ids per sample (bag size); 1 for a one-hot feature. Rows of a bag are summed.</summary>
    public int Lookups { get; init; } = 1;
}
