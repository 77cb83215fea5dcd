namespace Rectune.Core.Domain;

/// <summary>Measured service time at one batch size.</summary>
public sealed record ServicePoint
{
    public required int Batch { get; init; }

    public required double MedianUs { get; init; }

    public required double P99Us { get; init; }

    public required ServiceTerms Terms { get; init; }
}
