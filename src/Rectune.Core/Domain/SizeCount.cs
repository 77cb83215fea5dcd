namespace Rectune.Core.Domain;

/// <summary>How often a query size was seen.</summary>
public sealed record SizeCount
{
    /// <summary>Candidates to score in one query.</summary>
    public required int Samples { get; init; }

    /// <summary>Queries of that size.</summary>
    public required long Count { get; init; }
}
