namespace Rectune.Core.Domain;

/// <summary>A configuration with its limits: one way to answer a query. (Called a path everywhere but here, where System.IO has the word.)</summary>
public sealed record ServingPath
{
    public required string Id { get; init; }

    /// <summary><see cref="Machine.Id"/> of the machine it runs on.</summary>
    public required string Machine { get; init; }

    public required Configuration Configuration { get; init; }

    public required int MaxBatch { get; init; }

    /// <summary>Tables, dense weights and buffers of all instances.</summary>
    public required long MemoryBytes { get; init; }

    public required Quality Quality { get; init; }

    /// <summary>Largest change of a score against fp32 tables on a sample; null when not measured, 0 for fp32.</summary>
    public double? MaxScoreChange { get; init; }

    public required ServiceCurve Service { get; init; }
}
