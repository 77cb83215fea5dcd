namespace Rectune.Cli;

/// <summary>The highest rate that a ladder of rates found.</summary>
internal sealed record BenchCapacity
{
    /// <summary>Highest rate at which the target was certified, queries per second; null where it was at none.</summary>
    public double? HeldQps { get; init; }

    /// <summary>Lowest rate above it at which it was not; null where the ladder ended before one.</summary>
    public double? NotHeldQps { get; init; }

    /// <summary>Lowest rate at which more queries were over the limit than may be, certain or not; null where the ladder ended before one.</summary>
    public double? BeyondQps { get; init; }

    /// <summary>The load generator was the reason for <see cref="BeyondQps"/>: the server may hold more.</summary>
    public required bool GeneratorLimited { get; init; }
}
