namespace Rectune.Core.Domain;

/// <summary>Settings of the one scheduler that simulator and server share.</summary>
public sealed record SchedulerSettings
{
    /// <summary><c>static</c>: first come, first served over identical instances, large queries split, waiting parts batched.</summary>
    public required string Policy { get; init; }

    public required int Instances { get; init; }

    /// <summary>A query larger than this is cut into parts of at most this many samples.</summary>
    public required int SplitSamples { get; init; }

    /// <summary>Most samples that one run takes; waiting parts are joined up to it. At least <see cref="SplitSamples"/>.</summary>
    public required int MaxBatch { get; init; }

    /// <summary>How long an idle instance waits for company, microseconds; 0 starts at once with whatever waits.</summary>
    public required int BatchWindowUs { get; init; }

    /// <summary>Most queries waiting or running; the next one is refused.</summary>
    public required int QueueLimit { get; init; }
}
