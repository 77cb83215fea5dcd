namespace Rectune.Engine.Profiling;

/// <summary>When a measurement is good enough, and when it must end anyway.</summary>
public sealed record ProfilerSettings
{
    /// <summary>A cell is settled when the 95 % interval of its median is this narrow on either side, relative to the median.</summary>
    public double TargetRelativeError { get; init; } = 0.02;

    /// <summary>Fewest undisturbed runs of a settled cell: an order-statistic interval of the median needs them.</summary>
    public int MinimumRuns { get; init; } = 30;

    /// <summary>Fewest rounds of a settled cell: drift shows only over time.</summary>
    public int MinimumRounds { get; init; } = 3;

    /// <summary>Length of one visit to a cell: long against the clock's resolution, short against drift.</summary>
    public TimeSpan Visit { get; init; } = TimeSpan.FromMilliseconds(12);

    /// <summary>Runs at the start of a visit that warm caches and wake threads; not recorded.</summary>
    public int WarmUpRuns { get; init; } = 2;

    /// <summary>Whether scores are compared with those of full precision: once is enough.</summary>
    public bool CompareScores { get; init; } = true;

    /// <summary>Whether operators are timed as well, in runs of their own beside the budget.</summary>
    public bool Operators { get; init; }

    /// <summary>Time for measuring in all, loading of tables apart; what is unsettled then is reported with its wider interval.</summary>
    public required TimeSpan Budget { get; init; }
}
