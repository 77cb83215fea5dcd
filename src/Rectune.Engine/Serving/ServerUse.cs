using Rectune.Core.Domain;
using Rectune.Core.Scheduling;

namespace Rectune.Engine.Serving;

/// <summary>What the paths of a server do, run by run. Counting allocates nothing. Not safe for concurrent use: the server calls it inside its own gate.</summary>
internal sealed class ServerUse
{
    /// <summary>An instance that had nothing to do for longer has slept: handing the answers of one run out and taking the next takes less.</summary>
    private const long AwakeNs = 50_000;

    private readonly PathTally[] tallies;
    private readonly long limitNs;

    // By worker: its device, whether it runs, since when it does not, and how its run began.
    private readonly int[] lanes;
    private readonly bool[] running;
    private readonly long[] endedNs;
    private readonly int[] beside;
    private readonly bool[] fromSleep;

    /// <param name="paths">How many there are.</param>
    /// <param name="expected">What is planned of each; empty where nothing is.</param>
    /// <param name="lanes">Device of each worker.</param>
    /// <param name="limitUs">The plan's limit of latency; null for none.</param>
    public ServerUse(int paths, IReadOnlyList<ServiceExpectation> expected, IReadOnlyList<int> lanes, long? limitUs)
    {
        tallies = [.. Enumerable.Range(0, paths).Select(path => new PathTally(expected.Count == paths ? expected[path] : null))];
        this.lanes = [.. lanes];
        limitNs = limitUs is { } us ? us * 1_000 : long.MaxValue;
        (running, endedNs) = (new bool[lanes.Count], new long[lanes.Count]);
        (beside, fromSleep) = (new int[lanes.Count], new bool[lanes.Count]);
        Array.Fill(endedNs, long.MinValue / 2);
    }

    /// <param name="worker">Who runs it.</param>
    public void Started(Run run, int worker)
    {
        var others = 0;
        for (var i = 0; i < lanes.Length; i++)
        {
            others += running[i] && i != worker && lanes[i] == run.Lane ? 1 : 0;
        }

        running[worker] = true;
        beside[worker] = others;
        fromSleep[worker] = run.StartedNs - endedNs[worker] > AwakeNs;
    }

    public void Ended(Run run, int worker, long nowNs, bool failed)
    {
        running[worker] = false;
        endedNs[worker] = nowNs;
        if (failed)
        {
            tallies[run.Path].RunFailed();
            return;
        }

        tallies[run.Path].Ran(nowNs, run.Samples, nowNs - run.StartedNs, beside[worker], fromSleep[worker]);
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

    /// <param name="waitingParts">By path: parts that wait for its device.</param>
    public PathUse[] At(long nowNs, Func<int, int> waitingParts)
    {
        var uses = new PathUse[tallies.Length];
        for (var path = 0; path < uses.Length; path++)
        {
            uses[path] = tallies[path].At(nowNs, waitingParts(path));
        }

        return uses;
    }
}
