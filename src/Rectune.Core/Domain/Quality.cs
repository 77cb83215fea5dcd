namespace Rectune.Core.Domain;

/// <summary>How good the answers of a path are, with the origin of that knowledge.</summary>
public sealed record Quality
{
    /// <summary><c>accuracy</c>, <c>auc</c> or <c>logloss</c>.</summary>
    public required string Metric { get; init; }

    /// <summary>Null when <see cref="Source"/> is unknown.</summary>
    public double? Value { get; init; }

    /// <summary>Standard error of <see cref="Value"/>; null when not stated by the source.</summary>
    public double? Stderr { get; init; }

    public required Provenance Source { get; init; }

    /// <summary>Citation, data set, or reason.</summary>
    public required string Where { get; init; }
}
