using Rectune.Core.Domain;

namespace Rectune.Engine.Profiling;

/// <summary>Runs over and over on the caller's thread, each with its terms and with what disturbed it. A run allocates nothing.</summary>
internal static class RunLoop
{
    /// <summary>A run that takes less than this share of the one before says that things are still warming up.</summary>
    private const double StillFaster = 0.9;

    /// <summary>Part of a visit after which everything is warm.</summary>
    private const int WarmUpShare = 4;

    /// <summary>Fills <paramref name="recorder"/> until <paramref name="visitTicks"/> are over or it is full; returns where in the pool the next visit goes on.</summary>
    /// <param name="warmUpRuns">Fewest runs at the start that are not recorded: more while they still get faster, fewer where they take a quarter of the visit, unless it is the first.</param>
    /// <param name="firstVisit">Nothing of this batch has run here yet: memory is touched for the first time, and all warm-up runs are made, however long they take.</param>
    /// <param name="wholeProcess">Whether a run is disturbed when any thread of the process is: one that shares its work among threads waits for the last of them.</param>
    /// <param name="keptRuns">About how many runs of the visit are recorded at most, evenly spread over it, as the last warm-up run tells how many there will be; all without it.</param>
    public static int Record(
        IMeasuredRun run, InstanceRecorder recorder, FeatureBatch pool, int position, int batch, int warmUpRuns, long visitTicks, TimeProvider clock, bool firstVisit = false, bool wholeProcess = false, int? keptRuns = null)
    {
        recorder.Clear();
        var usPerTick = 1e6 / clock.TimestampFrequency;
        var delayBefore = ThreadDisturbance.RunQueueDelayNs(wholeProcess);
        var counted = ThreadDisturbance.TryRead(wholeProcess, out var before);
        var last = before;
        var begun = clock.GetTimestamp();
        var deadline = begun + visitTicks;
        var warm = warmUpRuns == 0;
        var lastRun = long.MaxValue;
        var stride = 1L;
        var measured = 0L;
        for (var i = 0; !recorder.Full; i++)
        {
            position = position + batch > pool.Samples ? 0 : position;
            var t0 = clock.GetTimestamp();
            run.Prepare(pool, position, batch);
            var t1 = clock.GetTimestamp();
            run.Pool();
            var t2 = clock.GetTimestamp();
            run.Score();
            var t3 = clock.GetTimestamp();
            run.CopyOut();
            var t4 = clock.GetTimestamp();
            position += batch;

            var disturbed = false;
            if (counted && ThreadDisturbance.TryRead(wholeProcess, out var now))
            {
                disturbed = now.InvoluntarySwitches > last.InvoluntarySwitches || now.MajorFaults > last.MajorFaults;
                last = now;
            }

            if (warm)
            {
                if (measured++ % stride == 0)
                {
                    recorder.Add(new RunRecord((t1 - t0) * usPerTick, (t2 - t1) * usPerTick, (t3 - t1) * usPerTick, (t4 - t3) * usPerTick, disturbed));
                }

                if (t4 >= deadline)
                {
                    break;
                }
            }

            if (!warm)
            {
                var thisRun = t4 - t0;
                var enough = i + 1 >= warmUpRuns;
                warm = (enough && thisRun >= StillFaster * lastRun) || ((enough || !firstVisit) && t4 - begun >= visitTicks / WarmUpShare);
                lastRun = thisRun;
                stride = keptRuns is { } kept ? Math.Max(1, visitTicks / (Math.Max(1, thisRun) * kept)) : 1;
            }
        }

        recorder.Counters = counted
            ? new ThreadCounters(
                last.InvoluntarySwitches - before.InvoluntarySwitches, last.MinorFaults - before.MinorFaults, last.MajorFaults - before.MajorFaults)
            : null;
        recorder.LengthUs = (clock.GetTimestamp() - begun) * usPerTick;
        recorder.RunQueueDelayMs = (ThreadDisturbance.RunQueueDelayNs(wholeProcess) - delayBefore) / 1e6;
        return position;
    }
}
