using Rectune.Core.Domain;
using Rectune.Core.Scheduling;
using Rectune.Engine.Sessions;

namespace Rectune.Engine.Serving;

/// <summary>What the paths of a server do, run by run. Counting allocates nothing. Not safe for concurrent use: the server calls it inside its own gate.</summary>
internal sealed class ServerUse
{
    /// <summary>Time over which the share is averaged that an instance is busy, nanoseconds.</summary>
    private const double BusyNs = 100e6;

    private readonly PathTally[] tallies;
    private readonly long limitNs;
    private readonly int[] laneOfPath;
    private readonly Func<int, CacheUse> cachesOf;

    // By worker: its device, whether it runs, and how its run began.
    private readonly int[] lanes;
    private readonly bool[] running;
    private readonly int[] beside;
    private readonly bool[] following;
    private readonly double[] busyShare;
    private readonly long[] endedNs;

    /// <param name="expected">What is planned of each path; one null where nothing is.</param>
    /// <param name="laneOfPath">Device of each path.</param>
    /// <param name="lanes">Device of each worker.</param>
    /// <param name="limitUs">The plan's limit of latency; null for none.</param>
    /// <param name="cachesOf">Use of a path's caches.</param>
    public ServerUse(IReadOnlyList<ServiceExpectation?> expected, IReadOnlyList<int> laneOfPath, IReadOnlyList<int> lanes, long? limitUs, Func<int, CacheUse> cachesOf)
    {
        tallies = [.. expected.Select(path => new PathTally(path))];
        (this.laneOfPath, this.cachesOf) = ([.. laneOfPath], cachesOf);
        this.lanes = [.. lanes];
        limitNs = limitUs is { } us ? us * 1_000 : long.MaxValue;
        (running, beside, following) = (new bool[lanes.Count], new int[lanes.Count], new bool[lanes.Count]);
        (busyShare, endedNs) = (new double[lanes.Count], new long[lanes.Count]);
    }

    /// <summary>Of a server that begins.</summary>
    /// <param name="expected">What the plan says of the paths that the settings name; null: what the settings alone say.</param>
    public static ServerUse Of(SchedulerSettings settings, IReadOnlyList<InstanceWorker> workers, IReadOnlyList<ServiceExpectation>? expected)
    {
        int[] lanesOfPaths = [.. Enumerable.Range(0, workers[0].Instances.Length).Select(path => workers.First(worker => worker.Instances[path] is not null).Lane)];
        expected ??= [.. settings.Paths.Select(path => ServiceExpectation.Of(path, service: null))];
        IReadOnlyList<ServiceExpectation?> known = expected;
        if (known.Count != lanesOfPaths.Length)
        {
            // A path that no settings name has no planned times.
            known = new ServiceExpectation?[lanesOfPaths.Length];
        }

        return new ServerUse(
            known,
            lanesOfPaths,
            [.. workers.Select(worker => worker.Lane)],
            settings.LimitUs,
            path => workers.Select(worker => worker.Instances[path]).OfType<PathInstance>().Aggregate(default(CacheUse), (sum, instance) => sum.Plus(instance.CacheUse)));
    }

    /// <param name="worker">Who runs it.</param>
    /// <param name="follows">Its instance came to it from another run, without waiting.</param>
    public void Started(Run run, int worker, bool follows)
    {
        var others = 0;
        for (var i = 0; i < lanes.Length; i++)
        {
            others += running[i] && i != worker && lanes[i] == run.Lane ? 1 : 0;
        }

        running[worker] = true;
        beside[worker] = others;
        following[worker] = follows;
        busyShare[worker] *= Math.Exp((endedNs[worker] - run.StartedNs) / BusyNs);
    }

    public void Ended(Run run, int worker, long nowNs, RunEnd end)
    {
        var before = busyShare[worker];
        running[worker] = false;
        endedNs[worker] = nowNs;
        busyShare[worker] = 1 - ((1 - before) * Math.Exp((run.StartedNs - nowNs) / BusyNs));
        if (end == RunEnd.Failed)
        {
            tallies[run.Path].RunFailed();
        }

        if (end != RunEnd.Scored)
        {
            return;
        }

        tallies[run.Path].Ran(nowNs, run.Samples, nowNs - run.StartedNs, beside[worker], following[worker], before);
    }

    /// <summary>A query has ended with its last part, which ran on <paramref name="path"/>.</summary>
    public void QueryEnded(int path, QueryEnd end, long latencyNs)
    {
        if (end == QueryEnd.Answered)
        {
            tallies[path].QueryAnswered(latencyNs, latencyNs <= limitNs);
        }
        else
        {
            tallies[path].QueryFailed();
        }
    }

    /// <param name="waitingPartsOf">Of a device.</param>
    public PathUse[] At(long nowNs, Func<int, int> waitingPartsOf)
    {
        var uses = new PathUse[tallies.Length];
        for (var path = 0; path < uses.Length; path++)
        {
            var caches = cachesOf(path);
            uses[path] = tallies[path].At(nowNs, waitingPartsOf(laneOfPath[path])) with { CacheLookups = caches.Lookups, CacheHits = caches.Hits };
        }

        return uses;
    }
}
