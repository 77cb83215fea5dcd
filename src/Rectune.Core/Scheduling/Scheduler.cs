using System.Runtime.CompilerServices;
using Rectune.Core.Domain;
using Rectune.Core.Formats;

namespace Rectune.Core.Scheduling;

/// <summary>
/// Decides which instance runs which samples on which path, first come, first served on each device. Time is handed in, in nanoseconds from any origin. Not thread-safe: the owner
/// serialises calls, and after every <see cref="Offer(long, int)"/>, <see cref="Finish"/> and wake-up calls <see cref="TryStart(long, Run)"/> until it returns false.
/// Allocates nothing after construction.
/// </summary>
public sealed class Scheduler
{
    /// <summary>Answer to a query for which there is no room.</summary>
    public const int Full = -1;

    /// <summary>Answer to a query that could not be answered by its deadline.</summary>
    public const int TooLate = -2;

    /// <summary>Answer to a query whose floor of quality no path is known to meet.</summary>
    public const int NoSuchQuality = -3;

    /// <summary>Floor of a query that any path may answer.</summary>
    private const double AnyQuality = double.NegativeInfinity;

    private readonly int splitSamples;
    private readonly long limitNs;
    private readonly double bestQuality = AnyQuality;
    private readonly SchedulingPolicy policy;
    private readonly Lane[] lanes;

    // One device and one path leave nothing to choose, and simulating such a plan is most of planning.
    private readonly bool nothingToChoose;
    private readonly Slot[] slots;
    private readonly int[] freeSlots;
    private int free;

    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public Scheduler(SchedulerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        SchedulerChecks.Require(settings);
        splitSamples = settings.SplitSamples;
        limitNs = settings.LimitUs is { } limit ? limit * 1_000L : long.MaxValue;
        slots = new Slot[settings.QueueLimit];
        freeSlots = new int[settings.QueueLimit];
        free = settings.QueueLimit;
        for (var i = 0; i < free; i++)
        {
            freeSlots[i] = free - 1 - i;
        }

        lanes = Lanes(settings, slots);
        foreach (var lane in lanes)
        {
            bestQuality = Math.Max(bestQuality, lane.Paths.BestQuality);
        }

        policy = SchedulingPolicy.Create(settings);
        nothingToChoose = settings.Policy == SchedulingPolicies.Static && settings.Paths.Count == 0;
    }

    /// <summary>Devices, each with a line of its own.</summary>
    public int LaneCount => lanes.Length;

    /// <summary>Queries of which at least one part has not started.</summary>
    public int WaitingQueries
    {
        get
        {
            var waiting = 0;
            foreach (var lane in lanes)
            {
                waiting += lane.WaitingQueries;
            }

            return waiting;
        }
    }

    /// <summary>Parts of waiting queries that have not started.</summary>
    public int WaitingParts
    {
        get
        {
            var waiting = 0;
            foreach (var lane in lanes)
            {
                waiting += lane.WaitingParts;
            }

            return waiting;
        }
    }

    /// <summary>Queries waiting or running.</summary>
    public int QueriesInside => slots.Length - free;

    /// <summary>Earliest time at which a pending batch window elapses; <see cref="long.MaxValue"/> when none is pending.</summary>
    public long NextWakeNs
    {
        get
        {
            if (lanes.Length == 1)
            {
                return lanes[0].NextWakeNs;
            }

            var next = long.MaxValue;
            foreach (var lane in lanes)
            {
                next = Math.Min(next, lane.NextWakeNs);
            }

            return next;
        }
    }

    /// <summary>The same of one device.</summary>
    public long NextWakeNsOf(int lane) => lanes[lane].NextWakeNs;

    /// <summary>Parts that wait for a device.</summary>
    public int WaitingPartsOf(int lane) => lanes[lane].WaitingParts;


    /// <summary>Takes a query in under the limit that the settings name. Returns its slot, 0 … QueueLimit − 1, which is its own until it ends, or why it is refused.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Offer(long nowNs, int samples) => Offer(nowNs, samples, DeadlineNs(nowNs), AnyQuality);

    /// <summary>The same under a deadline of its own; <see cref="long.MaxValue"/> for none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Offer(long nowNs, int samples, long deadlineNs) => Offer(nowNs, samples, deadlineNs, AnyQuality);

    /// <summary>When the settings' limit of a query that comes now is over; <see cref="long.MaxValue"/> where they have none.</summary>
    public long DeadlineNs(long nowNs) => limitNs == long.MaxValue ? long.MaxValue : nowNs + limitNs;

    /// <summary>The same of a query with a limit of its own, which can only be shorter: patience of one must not fill the queue of all.</summary>
    /// <param name="limitUs">0: it has none.</param>
    public long DeadlineNs(long nowNs, long limitUs) =>
        limitUs <= 0 || limitUs >= (long.MaxValue - nowNs) / 1_000 ? DeadlineNs(nowNs) : Math.Min(DeadlineNs(nowNs), nowNs + (limitUs * 1_000));

    /// <summary>The same for a query all of whose samples are to be answered by paths whose quality is known and at least <paramref name="qualityMin"/>; negative infinity: by any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Offer(long nowNs, int samples, long deadlineNs, double qualityMin)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);

        // Which is no floor where it is no number.
        if (!(qualityMin <= bestQuality))
        {
            return NoSuchQuality;
        }

        if (free == 0)
        {
            return Full;
        }

        var lane = nothingToChoose && deadlineNs == long.MaxValue ? 0 : policy.LaneOf(nowNs, samples, deadlineNs, qualityMin, lanes);
        if (lane < 0)
        {
            lane = IdleLane(samples, qualityMin, deadlineNs - nowNs);
            if (lane < 0)
            {
                return TooLate;
            }
        }
        else if (lanes[lane].IsLost)
        {
            return TooLate;
        }

        var slot = freeSlots[--free];
        var parts = (int)(((long)samples + splitSamples - 1) / splitSamples);
        slots[slot] = new Slot { OfferedNs = nowNs, DeadlineNs = deadlineNs, Grade = lanes[lane].Paths.GradeOf(qualityMin), Samples = samples, Parts = parts, Unfinished = parts };
        lanes[lane].Enqueue(slot);
        return slot;
    }

    /// <summary>Starts a run on an idle instance of any device if waiting work is due: fills <paramref name="run"/> and marks its instance busy.</summary>
    public bool TryStart(long nowNs, Run run)
    {
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            if (TryStart(nowNs, lane, run))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same on one device.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryStart(long nowNs, int lane, Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var at = lanes[lane];
        if (!at.CanStart(nowNs))
        {
            return false;
        }

        if (run.Capacity < at.Paths.LargestBatch)
        {
            throw new ArgumentException($"room for {run.Capacity} parts, expected at least MaxBatch ({at.Paths.LargestBatch})", nameof(run));
        }

        if (nothingToChoose)
        {
            at.Start(nowNs, run, path: 0, at.Paths.LargestBatch);
            return true;
        }

        var (path, samples) = policy.Next(nowNs, at);
        at.Start(nowNs, run, path, samples);
        policy.Started(at, run);
        return true;
    }

    /// <summary>
    /// Ends a run: its instance is idle again. Slots of queries that are now complete are written to <paramref name="ended"/> (room for as many as the run has
    /// parts always suffices), counted in the result, and free for new queries.
    /// </summary>
    /// <param name="failed">What it took says nothing of its path.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Finish(long nowNs, Run run, Span<int> ended, bool failed = false)
    {
        ArgumentNullException.ThrowIfNull(run);
        lanes[run.Lane].Finish(nowNs, run, failed);
        return Complete(run, ended);
    }

    /// <summary>Ends a run whose instance failed, as <see cref="Finish"/> does, but the instance takes no other before <see cref="Return"/>.</summary>
    /// <param name="withdraw">Counts on the instance no longer from now on, as <see cref="Withdraw"/> does.</param>
    public int Retire(Run run, Span<int> ended, bool withdraw = false)
    {
        ArgumentNullException.ThrowIfNull(run);
        lanes[run.Lane].Retire(run);
        if (withdraw)
        {
            lanes[run.Lane].Withdraw(run);
        }

        return Complete(run, ended);
    }

    /// <summary>
    /// Counts on the instance of a retired run no longer. A device of which every instance is withdrawn takes no query, and <see cref="DropLost"/> drops those that wait for it.
    /// </summary>
    public void Withdraw(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        lanes[run.Lane].Withdraw(run);
    }

    /// <summary>Gives the instance of a retired run work again.</summary>
    public void Return(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        lanes[run.Lane].Return(run);
    }

    /// <summary>
    /// Drops queries at the heads of the lines none of whose parts has started and that not even the fastest path answers in time any more, until there is none or <paramref name="dropped"/> is full: serving
    /// them late would make others late. Their slots are counted in the result, and free.
    /// </summary>
    public int DropLate(long nowNs, Span<int> dropped)
    {
        var count = 0;
        foreach (var lane in lanes)
        {
            while (count < dropped.Length && lane.HeadIsLate(nowNs))
            {
                dropped[count++] = DropHead(lane);
            }
        }

        return count;
    }

    /// <summary>Drops queries that wait for a device of which every instance is withdrawn, until there is none or <paramref name="dropped"/> is full. Their slots are counted in the result, and free.</summary>
    public int DropLost(Span<int> dropped)
    {
        var count = 0;
        foreach (var lane in lanes)
        {
            while (count < dropped.Length && lane.IsLost && lane.WaitingQueries > 0)
            {
                dropped[count++] = DropHead(lane);
            }
        }

        return count;
    }

    /// <summary>
    /// Drops every waiting query none of whose parts is running, for shutdown. A query with a running part stays and is completed by further runs. Slots of the
    /// dropped are written to <paramref name="dropped"/> (room for <see cref="WaitingQueries"/>), counted in the result, and free.
    /// </summary>
    public int Abandon(Span<int> dropped)
    {
        var count = 0;
        foreach (var lane in lanes)
        {
            count += lane.Abandon(dropped[count..]);
        }

        for (var i = 0; i < count; i++)
        {
            freeSlots[free++] = dropped[i];
        }

        return count;
    }

    private int DropHead(Lane lane)
    {
        var slot = lane.DropHead();
        freeSlots[free++] = slot;
        return slot;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Complete(Run run, Span<int> ended)
    {
        var count = 0;
        for (var i = 0; i < run.Parts; i++)
        {
            var slot = run[i].Slot;
            if (--slots[slot].Unfinished == 0)
            {
                ended[count++] = slot;
                freeSlots[free++] = slot;
            }
        }

        return count;
    }

    /// <summary>A device with nothing to do shows whether its paths still take as long as they last did: where the plan says that a query is in time, it is let in. −1 where there is none.</summary>
    private int IdleLane(int samples, double qualityMin, long leftNs)
    {
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            var grade = lanes[lane].Paths.GradeOf(qualityMin);
            if (grade >= 0 && lanes[lane].IsIdle && lanes[lane].Paths.IsPlannedWithin(samples, grade, leftNs))
            {
                return lane;
            }
        }

        return -1;
    }

    /// <summary>A lane for every device of the paths, in their order; one for the settings' own instances where no path is named.</summary>
    private static Lane[] Lanes(SchedulerSettings settings, Slot[] slots)
    {
        var windowNs = settings.BatchWindowUs * 1_000L;
        if (settings.Paths.Count == 0)
        {
            var only = new LanePaths([PathTimes.Unplanned(settings.MaxBatch)], [0], settings.Instances, settings.SplitSamples, qualityMin: null);
            return [new Lane(slots, 0, 0, settings.Instances, windowNs, only)];
        }

        List<Lane> made = [];
        foreach (var device in settings.Paths.Select((path, index) => (Path: path, Index: index)).GroupBy(p => p.Path.Device, StringComparer.Ordinal))
        {
            var instances = device.First().Path.Instances;
            var floor = settings.Policy == SchedulingPolicies.MultiPath ? settings.QualityMin : null;
            var paths = new LanePaths([.. device.Select(p => PathTimes.Of(p.Path))], [.. device.Select(p => p.Index)], instances, settings.SplitSamples, floor);
            made.Add(new Lane(slots, made.Count, made.Sum(lane => lane.Instances), instances, windowNs, paths));
        }

        return [.. made];
    }
}
