using Rectune.Core.Domain;
using Rectune.Core.Scheduling;

namespace Rectune.Engine.Serving;

/// <summary>Counts of one path of a server. Counting allocates nothing. Not safe for concurrent use.</summary>
/// <param name="expected">What is planned of its service times; null where nothing is.</param>
internal sealed class PathTally(ServiceExpectation? expected)
{
    private readonly ServiceDrift? drift = expected is null ? null : new ServiceDrift(expected.Low, expected.High);
    private readonly long[] runsByBatch = new long[PathUse.BatchGroups];
    private readonly DurationBuckets runTimes = new();
    private readonly DurationBuckets queryTimes = new();
    private long runs;
    private long failedRuns;
    private long samples;
    private long queries;
    private long goodQueries;
    private long misses;

    /// <param name="beside">Other instances of the device that were busy when it began.</param>
    /// <param name="follows">Its instance came to it from another run; after a pause caches are cold, and how cold no plan says.</param>
    /// <param name="busyShare">Share of the time before it that its instance was busy.</param>
    public void Ran(long nowNs, int count, long tookNs, int beside, bool follows, double busyShare)
    {
        runs++;
        samples += count;
        runsByBatch[Math.Min(count <= 1 ? 0 : int.Log2(count - 1) + 1, runsByBatch.Length - 1)]++;
        runTimes.Record(TimeSpan.FromTicks(tookNs / TimeSpan.NanosecondsPerTick));
        if (drift is not null && follows && count <= expected!.MaxBatch)
        {
            var (leastNs, mostNs) = expected.Explained(count, beside, busyShare);
            drift.Ran(nowNs, tookNs, leastNs, mostNs);
        }
    }

    public void RunFailed() => failedRuns++;

    public void QueryAnswered(long latencyNs, bool withinLimit)
    {
        queries++;
        queryTimes.Record(TimeSpan.FromTicks(latencyNs / TimeSpan.NanosecondsPerTick));
        goodQueries += withinLimit ? 1 : 0;
        misses += withinLimit ? 0 : 1;
    }

    public void QueryFailed() => misses++;

    /// <param name="waitingParts">For the path's device.</param>
    public PathUse At(long nowNs, int waitingParts) => new()
    {
        Runs = runs,
        FailedRuns = failedRuns,
        Samples = samples,
        Queries = queries,
        GoodQueries = goodQueries,
        Misses = misses,
        WaitingParts = waitingParts,
        RunsByBatch = [.. runsByBatch],
        RunTimes = runTimes.Counts(),
        QueryTimes = queryTimes.Counts(),
        Drift = drift?.At(nowNs),
    };
}
