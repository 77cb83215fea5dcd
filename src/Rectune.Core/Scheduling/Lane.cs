using System.Runtime.CompilerServices;

namespace Rectune.Core.Scheduling;

/// <summary>
/// The waiting line of one device, first come, first served, and the instances that work it off. Knows what work lies ahead of a query, and how much slack the least patient of those that wait has.
/// Allocates nothing after construction.
/// </summary>
internal sealed class Lane
{
    /// <summary>Time over which the load is averaged, nanoseconds: many queries, and short against how fast load changes.</summary>
    private const double LoadNs = 500e6;

    private readonly Slot[] slots;
    private readonly BatchWindow window;
    private readonly bool[] busy;
    private readonly bool[] withdrawn;
    private readonly long[] busyUntilNs;
    private readonly SlackWindow slack;

    // The instance that became idle last starts first: its caches and its thread are warm.
    private readonly int[] idle;

    // Slots of the queries that have parts waiting, oldest first; a part is not an entry of its own, so that room is bounded by the queue limit.
    private readonly int[] waiting;
    private int idleCount;
    private int head;

    // Samples that ever came, and that ever started or were dropped: places in the work of the lane.
    private long offered;
    private long started;

    // The same in nanoseconds of an instance, of what is not worked off as fast as the line is, since it asks for better paths.
    private long offeredExtraNs;
    private long startedExtraNs;

    // Samples a nanosecond that came lately, at the last arrival.
    private double rate;
    private long lastArrivalNs;

    public Lane(Slot[] slots, int number, int firstInstance, int instances, long windowNs, LanePaths paths)
    {
        this.slots = slots;
        window = new BatchWindow(slots, paths, windowNs);
        Paths = paths;
        Number = number;
        FirstInstance = firstInstance;
        waiting = new int[slots.Length];
        slack = new SlackWindow(slots.Length);
        idleCount = instances;
        idle = new int[instances];
        busy = new bool[instances];
        withdrawn = new bool[instances];
        Instances = instances;
        busyUntilNs = new long[instances];
        for (var i = 0; i < instances; i++)
        {
            idle[i] = instances - 1 - i;
        }
    }

    public int Number { get; }

    public int FirstInstance { get; }

    /// <summary>Instances that work or soon will; 1 where there is none, since work is divided by it.</summary>
    public int Instances { get; private set; }

    /// <summary>Every instance is withdrawn: nobody knows when the line goes on.</summary>
    public bool IsLost { get; private set; }

    public LanePaths Paths { get; }

    /// <summary>Nothing waits and nothing runs.</summary>
    public bool IsIdle => WaitingQueries == 0 && idleCount == Instances;

    public int WaitingQueries { get; private set; }

    public int WaitingParts { get; private set; }

    public long WaitingSamples => offered - started;

    /// <summary>Work that came lately over what all instances work off as fast as quality allows; more than 1 where the line grows.</summary>
    public double Load(long nowNs) => rate * Math.Exp((lastArrivalNs - nowNs) / LoadNs) * Paths.DrainNs / Instances;

    /// <summary>Path of the last run.</summary>
    public int LastPath { get; private set; }

    /// <inheritdoc cref="Scheduler.NextWakeNs"/>
    public long NextWakeNs => window.IsOff || idleCount == 0 || WaitingQueries == 0 ? long.MaxValue : window.DueNs(waiting, head, WaitingQueries);

    /// <summary>The oldest query that waits.</summary>
    public ref readonly Slot Head => ref slots[waiting[head]];

    /// <summary>How long it takes until what is here is worked off, nanoseconds; 0 where a query of so many parts starts at once, infinite where no instance is left.</summary>
    public double AheadNs(long nowNs, int parts) => IsLost ? double.PositiveInfinity
        : WaitingQueries == 0 && idleCount >= Math.Min(parts, Instances) ? 0 : RunningNs(nowNs) + (((WaitingSamples * Paths.DrainNs) + (offeredExtraNs - startedExtraNs)) / Instances);

    /// <summary>What is left until the deadline of the least patient query that waits, were the line worked off as fast as it can be; infinite where none has one.</summary>
    public double LeastSlackNs(long nowNs) => slack.Least + (started * Paths.DrainNs / Instances) + ((double)startedExtraNs / Instances) - nowNs - RunningNs(nowNs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enqueue(int index)
    {
        ref var slot = ref slots[index];
        var tail = head + WaitingQueries;
        waiting[tail < waiting.Length ? tail : tail - waiting.Length] = index;
        WaitingQueries++;
        WaitingParts += slot.Parts;
        offered += slot.Samples;
        slot.End = offered;
        var beginExtraNs = offeredExtraNs;
        var work = (double)slot.Samples;
        if (slot.Grade > 0)
        {
            var extraNs = slot.Samples * Paths.ExtraNs(slot.Grade);
            offeredExtraNs += extraNs;
            work += extraNs / Paths.DrainNs;
        }

        if (slot.DeadlineNs != long.MaxValue)
        {
            rate = (rate * Math.Exp((lastArrivalNs - slot.OfferedNs) / LoadNs)) + (work / LoadNs);
            lastArrivalNs = slot.OfferedNs;
            AddSlack(in slot, beginExtraNs);
        }
    }

    /// <summary>Whether an instance is idle and waiting work is due.</summary>
    public bool CanStart(long nowNs) => idleCount > 0 && WaitingQueries > 0 && (window.IsOff || nowNs >= window.DueNs(waiting, head, WaitingQueries));

    /// <summary>Parts that one idle instance takes, so that all of them have as many.</summary>
    public int Share => (WaitingParts + idleCount - 1) / idleCount;

    /// <summary>Starts a run of at most so many samples, or of one part, on a path that may answer the oldest query; it ends before the first that asks for a better one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Start(long nowNs, Run run, int path, int mostSamples)
    {
        var share = Share;
        var grade = Paths.Grade(path);
        var instance = idle[--idleCount];
        busy[instance] = true;
        run.Begin(Number, FirstInstance + instance, Paths.IndexOf(path), nowNs);
        while (WaitingQueries > 0 && run.Parts < share)
        {
            var index = waiting[head];
            ref var slot = ref slots[index];
            var first = slot.PartStart(slot.NextPart);
            var count = slot.PartStart(slot.NextPart + 1) - first;
            if (run.Parts > 0 && (run.Samples + count > mostSamples || slot.Grade > grade))
            {
                break;
            }

            run.Add(new RunPart(index, first, count));
            WaitingParts--;
            HasStarted(in slot, count);
            if (++slot.NextPart == slot.Parts)
            {
                RemoveHead();
            }
        }

        LastPath = path;
        if (Paths.ArePlanned)
        {
            run.PlannedNs = Paths.PlannedNs(path, run.Samples);
            busyUntilNs[instance] = nowNs + (long)Paths.RunNs(path, run.Samples);
        }
    }

    /// <summary>Ends a run, and learns from what it took.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(long nowNs, Run run, bool failed)
    {
        Free(Running(run));
        if (Paths.ArePlanned && !failed && Paths.Learn(run.Path, run.PlannedNs, nowNs - run.StartedNs))
        {
            CountSlack();
        }
    }

    /// <summary>Ends a run whose instance failed: the instance stays taken, and what it ran is over.</summary>
    public void Retire(Run run) => busyUntilNs[Running(run)] = 0;

    /// <summary>Counts on the instance of a retired run no longer.</summary>
    public void Withdraw(Run run)
    {
        withdrawn[Running(run)] = true;
        CountInstances();
    }

    /// <summary>Gives the instance of a retired run work again.</summary>
    public void Return(Run run)
    {
        var instance = Running(run);
        Free(instance);
        if (withdrawn[instance])
        {
            withdrawn[instance] = false;
            CountInstances();
        }
    }

    /// <summary>Whether not even the fastest run of its first part answers the oldest query in time, and none of its parts has started; without instances nothing is late, but lost.</summary>
    public bool HeadIsLate(long nowNs)
    {
        if (IsLost || WaitingQueries == 0 || Head is not { NextPart: 0, DeadlineNs: < long.MaxValue } oldest)
        {
            return false;
        }

        var least = double.PositiveInfinity;
        for (var path = 0; path < Paths.Count; path++)
        {
            if (Paths.Grade(path) >= oldest.Grade)
            {
                least = Math.Min(least, Paths.TypicalNs(path, oldest.PartStart(1)));
            }
        }

        return nowNs + least > oldest.DeadlineNs;
    }

    /// <summary>Takes the oldest query out, none of whose parts is running; its work is not ahead of anyone any more.</summary>
    public int DropHead()
    {
        var index = waiting[head];
        ref var slot = ref slots[index];
        WaitingParts -= slot.Parts - slot.NextPart;
        HasStarted(in slot, slot.Samples - slot.PartStart(slot.NextPart));
        RemoveHead();
        return index;
    }

    /// <summary>Takes all queries out none of whose parts is running; returns how many.</summary>
    public int Abandon(Span<int> dropped)
    {
        var count = 0;
        var kept = 0;
        var all = WaitingQueries;
        for (var i = 0; i < all; i++)
        {
            var index = waiting[(int)(((long)head + i) % waiting.Length)];
            ref var slot = ref slots[index];
            var running = slot.NextPart - (slot.Parts - slot.Unfinished);
            if (running > 0)
            {
                waiting[(int)(((long)head + kept++) % waiting.Length)] = index;
                continue;
            }

            WaitingParts -= slot.Parts - slot.NextPart;
            HasStarted(in slot, slot.Samples - slot.PartStart(slot.NextPart));
            dropped[count++] = index;
        }

        WaitingQueries = kept;
        CountSlack();
        return count;
    }

    /// <summary>The place of a run's instance, which must not be idle.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Running(Run run)
    {
        var instance = run.Instance - FirstInstance;
        return busy[instance] ? instance : throw new InvalidOperationException($"instance {run.Instance} is not running");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Free(int instance)
    {
        busy[instance] = false;
        idle[idleCount++] = instance;
    }

    private void CountInstances()
    {
        var left = 0;
        foreach (var gone in withdrawn)
        {
            left += gone ? 0 : 1;
        }

        (IsLost, Instances) = (left == 0, Math.Max(1, left));
        Paths.Instances = Instances;
        CountSlack();
    }

    /// <summary>Time until all instances are idle, shared among them, nanoseconds.</summary>
    private double RunningNs(long nowNs)
    {
        long left = 0;
        for (var i = 0; i < busy.Length; i++)
        {
            left += busy[i] ? Math.Max(0, busyUntilNs[i] - nowNs) : 0;
        }

        return (double)left / Instances;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RemoveHead()
    {
        if (slack.Count > 0)
        {
            slack.RemoveThrough(slots[waiting[head]].End);
        }

        head = head + 1 < waiting.Length ? head + 1 : 0;
        WaitingQueries--;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void HasStarted(in Slot slot, int samples)
    {
        started += samples;
        if (slot.Grade > 0)
        {
            startedExtraNs += samples * Paths.ExtraNs(slot.Grade);
        }
    }

    /// <param name="beginExtraNs">Where the query begins among the extra work of the lane.</param>
    private void AddSlack(in Slot slot, long beginExtraNs)
    {
        var least = Paths.LeastQueryNs(slot.Samples, slot.Grade);
        slack.Add(slot.DeadlineNs - least - ((slot.End - slot.Samples) * Paths.DrainNs / Instances) - ((double)beginExtraNs / Instances), slot.End);
    }

    private void CountSlack()
    {
        slack.Clear();
        var extraNs = startedExtraNs;
        for (var i = 0; i < WaitingQueries; i++)
        {
            ref readonly var slot = ref slots[waiting[(int)(((long)head + i) % waiting.Length)]];
            var beginExtraNs = extraNs;
            if (slot.Grade > 0)
            {
                var ofSample = Paths.ExtraNs(slot.Grade);
                beginExtraNs -= slot.PartStart(slot.NextPart) * ofSample;
                extraNs = beginExtraNs + (slot.Samples * ofSample);
            }

            if (slot.DeadlineNs != long.MaxValue)
            {
                AddSlack(in slot, beginExtraNs);
            }
        }

        offeredExtraNs = extraNs;
    }
}
