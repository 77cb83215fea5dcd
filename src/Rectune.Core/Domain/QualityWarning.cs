namespace Rectune.Core.Domain;

/// <summary>Something doubtful about a measurement or the machine.</summary>
public sealed record QualityWarning
{
    /// <summary>The analyser: <c>drift</c>, <c>governor</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Path and batch; null for the machine as a whole.</summary>
    public string? Measurement { get; init; }

    /// <summary>What was seen, with its figures.</summary>
    public required string What { get; init; }

    public required string Advice { get; init; }
}
