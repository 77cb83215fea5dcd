namespace Rectune.Core.Domain;

/// <summary>Settings of the one scheduler that simulator and server share.</summary>
public sealed record SchedulerSettings
{
    /// <summary>
    /// <c>static</c>: one path, first come, first served over identical instances, large queries split, waiting parts batched; <c>fastest</c>, <c>deeprecsched</c> and <c>multi-path</c>
    /// choose among <see cref="Paths"/>.
    /// </summary>
    public required string Policy { get; init; }

    public required int Instances { get; init; }

    /// <summary>A query larger than this is cut into parts of at most this many samples.</summary>
    public required int SplitSamples { get; init; }

    /// <summary>Most samples that one run takes; waiting parts are joined up to it. At least <see cref="SplitSamples"/>.</summary>
    public required int MaxBatch { get; init; }

    /// <summary>How long an idle instance waits for company at most, microseconds, and no longer than deadlines leave to a run of all that wait; 0 starts at once with whatever waits.</summary>
    public required int BatchWindowUs { get; init; }

    /// <summary>Most queries waiting or running; the next one is refused.</summary>
    public required int QueueLimit { get; init; }

    /// <summary>Time in which a query must be answered, microseconds: one that cannot be is refused at once. Null: none is refused for being late.</summary>
    public int? LimitUs { get; init; }

    /// <summary>The paths that are chosen among, those of a device together; at most one for <c>static</c>, and none where it refuses no query for being late: the path's limits are then the members above.</summary>
    public IReadOnlyList<ScheduledPath> Paths { get; init; } = [];

    /// <summary>Share of <see cref="LimitUs"/> that multi-path keeps as slack for bursts before it spends time on quality, 0 to 1; null: none.</summary>
    public double? SlackShare { get; init; }

    /// <summary>Share of <see cref="LimitUs"/> beyond that which must be free before a better path than the last one is taken, 0 to 1; null: none.</summary>
    public double? HysteresisShare { get; init; }

    /// <summary>Least quality, averaged over samples, that multi-path keeps; null for none.</summary>
    public double? QualityMin { get; init; }

    /// <summary>Samples above which deeprecsched sends a query to the second device; null: none is sent.</summary>
    public int? OffloadAbove { get; init; }
}
