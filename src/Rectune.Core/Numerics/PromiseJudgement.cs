namespace Rectune.Core.Numerics;

/// <summary>Outcome of one look of a <see cref="PromiseTest"/>. Every bound may be wrong, on its side, with at most the error spent on this look.</summary>
public sealed record PromiseJudgement
{
    public required PromiseOutcome Outcome { get; init; }

    public required int Queries { get; init; }

    /// <summary>Share of queries over the limit, with its bounds.</summary>
    public required Interval OverLimitShare { get; init; }

    /// <summary>The promised percentile of latency in the unit of the latencies, with its bounds; null below its sample floor.</summary>
    public required Interval? Percentile { get; init; }

    /// <summary>How many queries carry the evidence of one independent query; at least 1.</summary>
    public required double DesignEffect { get; init; }

    /// <summary>Error spent on this look, each side.</summary>
    public required double Error { get; init; }

    /// <summary>Estimate of the further queries that decide at the next look if the share stays what it is; null when decided, or when no reachable number would.</summary>
    public required long? QueriesNeeded { get; init; }
}
