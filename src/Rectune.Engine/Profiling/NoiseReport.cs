namespace Rectune.Engine.Profiling;

/// <summary>How steadily a fixed piece of work runs on this machine.</summary>
public sealed record NoiseReport
{
    /// <summary>Runs of the fixed work.</summary>
    public required int Runs { get; init; }

    public required double MedianUs { get; init; }

    /// <summary>99th percentile over the median: 1 is a silent machine.</summary>
    public required double TailRatio { get; init; }

    /// <summary>The longest runs beyond the median, microseconds, worst first.</summary>
    public required IReadOnlyList<double> WorstGapsUs { get; init; }

    /// <summary>Smallest step of the clock seen, nanoseconds.</summary>
    public required double ClockStepNs { get; init; }

    /// <summary>Share of all processors' time that the hypervisor gave to others meanwhile; null when the system does not tell.</summary>
    public double? StealShare { get; init; }
}
