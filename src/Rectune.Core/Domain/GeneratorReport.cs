namespace Rectune.Core.Domain;

/// <summary>How well the load generator kept to its schedule.</summary>
public sealed record GeneratorReport
{
    /// <summary>Actual submission after the scheduled instant, microseconds.</summary>
    public required double LatenessP50Us { get; init; }

    public required double LatenessP99Us { get; init; }

    public required double LatenessMaxUs { get; init; }

    /// <summary>Processor time of the generator over the wall time of the run: 0.02 is 2 % of one core; null where the system does not tell.</summary>
    public double? CpuShare { get; init; }

    /// <summary>Coefficient of variation of the gaps between scheduled instants: 1 for Poisson arrivals; null where there are too few.</summary>
    public double? GapVariation { get; init; }

    /// <summary>True when the generator's own lateness, not the path, keeps the verdict from being met.</summary>
    public required bool Limiting { get; init; }
}
