namespace Rectune.Core.Domain;

/// <summary>Service time of a path by batch, with the shape of its spread.</summary>
public sealed record ServiceCurve
{
    /// <summary>Measured points in ascending batch order.</summary>
    public required IReadOnlyList<ServicePoint> Points { get; init; }

    /// <summary>Service time over the median of its batch at evenly spaced probabilities from 0 to 1, all batches pooled, stalled runs left out.</summary>
    public required IReadOnlyList<double> Residuals { get; init; }

    /// <summary>Null when none was seen.</summary>
    public Stalls? Stalls { get; init; }

    public required Provenance Source { get; init; }
}
