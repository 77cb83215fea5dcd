using System.Runtime.CompilerServices;
using Rectune.Core.Domain;

namespace Rectune.Core.Scheduling;

/// <summary>
/// Decides which instance runs which samples, first come, first served. Time is handed in, in nanoseconds from any origin. Not thread-safe: the owner
/// serialises calls, and after every <see cref="Offer"/>, <see cref="Finish"/> and wake-up calls <see cref="TryStart"/> until it returns false.
/// Allocates nothing after construction.
/// </summary>
public sealed class Scheduler
{
    private readonly int splitSamples;
    private readonly int maxBatch;
    private readonly long windowNs;

    private readonly Slot[] slots;
    private readonly int[] freeSlots;
    private readonly bool[] busy;

    // The instance that became idle last starts first: its caches and its thread are warm.
    private readonly int[] idle;

    // Slots of the queries that have parts waiting, oldest first; a part is not an entry of its own, so that room is bounded by the queue limit.
    private readonly int[] waiting;
    private int free;
    private int idleCount;
    private int head;

    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public Scheduler(SchedulerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Require(settings.Policy == "static", nameof(settings.Policy), settings.Policy, "'static'");
        Require(settings.Instances >= 1, nameof(settings.Instances), settings.Instances, "at least 1");
        Require(settings.SplitSamples >= 1, nameof(settings.SplitSamples), settings.SplitSamples, "at least 1");
        Require(settings.MaxBatch >= settings.SplitSamples, nameof(settings.MaxBatch), settings.MaxBatch, $"at least SplitSamples ({settings.SplitSamples})");
        Require(settings.BatchWindowUs >= 0, nameof(settings.BatchWindowUs), settings.BatchWindowUs, "0 or more");
        Require(settings.QueueLimit >= 1, nameof(settings.QueueLimit), settings.QueueLimit, "at least 1");
        splitSamples = settings.SplitSamples;
        maxBatch = settings.MaxBatch;
        windowNs = settings.BatchWindowUs * 1_000L;
        slots = new Slot[settings.QueueLimit];
        waiting = new int[settings.QueueLimit];
        freeSlots = new int[settings.QueueLimit];
        free = settings.QueueLimit;
        for (var i = 0; i < free; i++)
        {
            freeSlots[i] = free - 1 - i;
        }

        idleCount = settings.Instances;
        idle = new int[idleCount];
        busy = new bool[idleCount];
        for (var i = 0; i < idleCount; i++)
        {
            idle[i] = idleCount - 1 - i;
        }
    }

    /// <summary>Queries of which at least one part has not started.</summary>
    public int WaitingQueries { get; private set; }

    /// <summary>Parts of waiting queries that have not started.</summary>
    public int WaitingParts { get; private set; }

    /// <summary>Queries waiting or running.</summary>
    public int QueriesInside => slots.Length - free;

    /// <summary>Earliest time at which a pending batch window elapses; <see cref="long.MaxValue"/> when none is pending.</summary>
    public long NextWakeNs =>
        windowNs == 0 || idleCount == 0 || WaitingQueries == 0 ? long.MaxValue : slots[waiting[head]].OfferedNs + windowNs;

    /// <summary>Takes a query in. Returns its slot, 0 … QueueLimit − 1, which is its own until it ends, or −1 when it is refused.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Offer(long nowNs, int samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        if (free == 0)
        {
            return -1;
        }

        var slot = freeSlots[--free];
        var parts = (int)(((long)samples + splitSamples - 1) / splitSamples);
        slots[slot] = new Slot { OfferedNs = nowNs, Samples = samples, Parts = parts, Unfinished = parts };
        var tail = head + WaitingQueries;
        waiting[tail < waiting.Length ? tail : tail - waiting.Length] = slot;
        WaitingQueries++;
        WaitingParts += parts;
        return slot;
    }

    /// <summary>Starts a run on an idle instance if waiting work is due: fills <paramref name="run"/> and marks its instance busy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryStart(long nowNs, Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (idleCount == 0 || WaitingQueries == 0 || !IsDue(nowNs))
        {
            return false;
        }

        if (run.Capacity < maxBatch)
        {
            throw new ArgumentException($"room for {run.Capacity} parts, expected at least MaxBatch ({maxBatch})", nameof(run));
        }

        var share = (WaitingParts + idleCount - 1) / idleCount;
        var instance = idle[--idleCount];
        busy[instance] = true;
        run.Begin(instance);
        while (WaitingQueries > 0 && run.Parts < share)
        {
            var index = waiting[head];
            ref var slot = ref slots[index];
            var start = PartStart(in slot, slot.NextPart);
            var count = PartStart(in slot, slot.NextPart + 1) - start;
            if (run.Samples + count > maxBatch)
            {
                break;
            }

            run.Add(new RunPart(index, start, count));
            WaitingParts--;
            if (++slot.NextPart == slot.Parts)
            {
                RemoveHead();
            }
        }

        return true;
    }

    /// <summary>
    /// Ends a run: its instance is idle again. Slots of queries that are now complete are written to <paramref name="ended"/> (room for as many as the run has
    /// parts always suffices), counted in the result, and free for new queries.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Finish(Run run, Span<int> ended)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!busy[run.Instance])
        {
            throw new InvalidOperationException($"instance {run.Instance} is not running");
        }

        busy[run.Instance] = false;
        idle[idleCount++] = run.Instance;
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

    /// <summary>
    /// Drops every waiting query none of whose parts is running, for shutdown. A query with a running part stays and is completed by further runs. Slots of the
    /// dropped are written to <paramref name="dropped"/> (room for <see cref="WaitingQueries"/>), counted in the result, and free.
    /// </summary>
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
            dropped[count++] = index;
            freeSlots[free++] = index;
        }

        WaitingQueries = kept;
        return count;
    }

    private static void Require(bool holds, string member, object value, string expected)
    {
        if (!holds)
        {
            throw new ArgumentException($"scheduler setting {member}: found {value}, expected {expected}");
        }
    }

    /// <summary>First sample of a part: near-equal parts by rounding down multiples of samples / parts.</summary>
    private static int PartStart(in Slot slot, int part) => (int)((long)slot.Samples * part / slot.Parts);

    private bool IsDue(long nowNs)
    {
        if (windowNs == 0)
        {
            return true;
        }

        ref readonly var oldest = ref slots[waiting[head]];
        if (oldest.NextPart > 0 || nowNs - oldest.OfferedNs >= windowNs)
        {
            return true;
        }

        long samples = 0;
        for (int i = 0, at = head; i < WaitingQueries; i++)
        {
            samples += slots[waiting[at]].Samples;
            if (samples >= maxBatch)
            {
                return true;
            }

            at = at + 1 < waiting.Length ? at + 1 : 0;
        }

        return false;
    }

    private void RemoveHead()
    {
        head = head + 1 < waiting.Length ? head + 1 : 0;
        WaitingQueries--;
    }

    private struct Slot
    {
        public long OfferedNs;
        public int Samples;
        public int Parts;
        public int NextPart;
        public int Unfinished;
    }
}
