namespace Rectune.Engine.Profiling;

/// <summary>When a measurement is good enough, and how it is taken.</summary>
public sealed record ProfilerSettings
{
    /// <summary>The median of a cell is known well enough when its 95 % interval is this narrow on either side, relative to the median.</summary>
    public double TargetRelativeError { get; init; } = 0.02;

    /// <summary>
    /// The same of the 99th percentile. It takes 368 runs before it has an interval at all, so that slow paths never get there: a cell whose median is known is visited for it in
    /// no more than <see cref="MostTailRounds"/> rounds in all.
    /// </summary>
    public double TargetTailRelativeError { get; init; } = 0.1;

    /// <summary>Rounds after which a cell whose median is known is settled, whatever its tail: what is settled is on disk, and leaves its time to others.</summary>
    public int MostTailRounds { get; init; } = 8;

    /// <summary>Fewest undisturbed runs of a cell whose median is known: an order-statistic interval of the median needs them.</summary>
    public int MinimumRuns { get; init; } = 30;

    /// <summary>Fewest rounds of such a cell: drift shows only over time.</summary>
    public int MinimumRounds { get; init; } = 3;

    /// <summary>Length of one visit to a cell: long against the clock's resolution, short against drift.</summary>
    public TimeSpan Visit { get; init; } = TimeSpan.FromMilliseconds(12);

    /// <summary>Runs at the start of a visit that warm caches and wake threads; not recorded.</summary>
    public int WarmUpRuns { get; init; } = 2;

    /// <summary>Whether scores are compared with those of full precision: once is enough.</summary>
    public bool CompareScores { get; init; } = true;

    /// <summary>Whether operators are timed as well, in runs of their own beside the budget.</summary>
    public bool Operators { get; init; }
}
