namespace Rectune.Core.Domain;

/// <summary>What a path has done since its server began.</summary>
public sealed record PathUse
{
    /// <summary>Batches are counted in these many groups: group i holds runs of more than 2^(i − 1) samples and up to 2^i, the last one all larger ones as well.</summary>
    public const int BatchGroups = 13;

    /// <summary>Runs that did not fail.</summary>
    public required long Runs { get; init; }

    public required long FailedRuns { get; init; }

    /// <summary>Samples of <see cref="Runs"/>.</summary>
    public required long Samples { get; init; }

    /// <summary>Queries that were answered and whose last part ran on this path.</summary>
    public required long Queries { get; init; }

    /// <summary>Those of <see cref="Queries"/> answered within the plan's limit; all where it has none.</summary>
    public required long GoodQueries { get; init; }

    /// <summary>Queries whose last part ran on this path and that were answered beyond the plan's limit, or failed. Who is turned away has no path.</summary>
    public required long Misses { get; init; }

    /// <summary>Parts of queries that wait for the path's device now; paths of one device share its line.</summary>
    public required int WaitingParts { get; init; }

    /// <summary><c>[<see cref="BatchGroups"/>]</c>: <see cref="Runs"/> by their samples.</summary>
    public required IReadOnlyList<long> RunsByBatch { get; init; }

    /// <summary>What runs took.</summary>
    public required DurationCounts RunTimes { get; init; }

    /// <summary>Latencies of <see cref="Queries"/> from submission to the end of the last run.</summary>
    public required DurationCounts QueryTimes { get; init; }

    /// <summary>Ids looked up in the path's caches of vectors.</summary>
    public long CacheLookups { get; init; }

    /// <summary>Those of them whose vector was there.</summary>
    public long CacheHits { get; init; }

    /// <summary>Null where nothing is planned of the path's service times.</summary>
    public PathDrift? Drift { get; init; }
}
