using Rectune.Core.Domain;
using Rectune.Engine.Serving;

namespace Rectune.Tests.Fakes;

/// <summary>What paths are said to have done.</summary>
internal static class Uses
{
    /// <summary>So many runs of one sample each, each of a microsecond, one of them a miss.</summary>
    public static PathUse Of(long samples, PathDrift? drift = null)
    {
        var batches = new long[PathUse.BatchGroups];
        batches[0] = samples;
        var times = new long[DurationBuckets.BoundsSeconds.Length + 1];
        times[0] = samples;
        return new PathUse
        {
            Runs = samples,
            FailedRuns = 0,
            Samples = samples,
            Queries = samples,
            GoodQueries = samples - 1,
            Misses = 1,
            WaitingParts = 0,
            RunsByBatch = batches,
            RunTimes = new DurationCounts(times, samples * 1e-6),
            QueryTimes = new DurationCounts(times, samples * 1e-6),
            Drift = drift,
        };
    }

    /// <summary>In the interval 0.8 to 1.25, in this state for 30 seconds.</summary>
    public static PathDrift Drift(DriftState state, double? ratio) => new() { State = state, Ratio = ratio, Low = 0.8, High = 1.25, ForS = 30 };
}
