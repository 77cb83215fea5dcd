namespace Rectune.Core.Domain;

/// <summary>A card's default latency target.</summary>
public sealed record CardSla
{
    public required double Percentile { get; init; }

    public required double LimitMs { get; init; }

    public required Provenance Source { get; init; }

    /// <summary>Citation or reason.</summary>
    public required string Where { get; init; }
}
