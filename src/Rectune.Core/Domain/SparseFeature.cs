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

    /// <summary>Ids per sample (bag size); 1 for a one-hot feature. Rows of a bag are summed; of a sequence, the most that are looked at.</summary>
    public int Lookups { get; init; } = 1;

    /// <summary>Rows are kept apart, in order, instead of summed: <c>[lookups, dim]</c>.</summary>
    public bool Sequence { get; init; }

    /// <summary>The part that the feature plays in its interaction; features of a group stand together.</summary>
    public string? Group { get; init; }

    /// <summary>An earlier feature whose table this one looks up too, such as the candidate item's in a history of items.</summary>
    public string? Table { get; init; }

    /// <summary>An earlier feature whose ids this one reads too, from a table of its own: requests carry them once.</summary>
    public string? Ids { get; init; }

    /// <summary>In a card's file: this many features of one shape, <c>name.1</c> to <c>name.n</c>, each with a table of its own.</summary>
    public int Copies { get; init; } = 1;
}
