using Rectune.Core.Domain;
using Rectune.Core.Scheduling;
using Rectune.Engine.Sessions;

namespace Rectune.Engine.Serving;

/// <summary>
/// Answers queries on the paths of a plan: the shared scheduler, one worker thread an instance of a device, each with every path of the device, no allocation per query in the steady state.
/// </summary>
public sealed class InProcessServer : IQueryTarget, IDisposable
{
    private readonly object gate = new();
    private readonly Scheduler scheduler;
    private readonly QuerySlot[] slots;
    private readonly ScoreBuffers buffers = new();
    private readonly InstanceWorker[] workers;
    private readonly TimeProvider clock;
    private readonly Action<Exception>? onFault;
    private readonly InstanceMender? mender;
    private readonly bool manyDevices;
    private readonly ServerUse use;
    private readonly IdleSpin idle;
    private bool hasLimits;
    private int idleWorkers;
    private int lookingWorkers;

    // Queries that have left the scheduler and whose observers are being called.
    private int unreported;
    private bool closing;

    /// <param name="settings">The plan's scheduler.</param>
    /// <param name="paths"><c>[paths][instances]</c>: loaded instances of every path that the settings name, in their order, or of the one path; owned from here on.</param>
    /// <param name="clock">Source of the scheduler's time.</param>
    /// <param name="onFault">Hears, on a worker thread, why a run failed; its queries end as failed either way.</param>
    /// <param name="spin">How long an instance without work looks for some before its thread sleeps: waking a thread takes 10 to 100 us, looking keeps a core busy.</param>
    /// <param name="mending">How an instance whose run failed is replaced; null: it goes on as it is.</param>
    /// <param name="expected">What the plan says of the service times of the paths that the settings name, in their order; null: what the settings alone say.</param>
    public InProcessServer(
        SchedulerSettings settings,
        IReadOnlyList<IReadOnlyList<PathInstance>> paths,
        TimeProvider clock,
        Action<Exception>? onFault = null,
        TimeSpan spin = default,
        InstanceMending? mending = null,
        IReadOnlyList<ServiceExpectation>? expected = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(clock);
        InstanceWorker.Check(settings, paths);
        this.clock = clock;
        this.onFault = onFault;
        mender = mending is null ? null : new InstanceMender(mending, clock);
        scheduler = new Scheduler(settings);
        hasLimits = settings.LimitUs is not null;
        idle = new IdleSpin(clock, spin);
        manyDevices = scheduler.LaneCount > 1;
        slots = new QuerySlot[settings.QueueLimit];
        for (var i = 0; i < slots.Length; i++)
        {
            slots[i] = new QuerySlot(paths[0][0].Outputs);
        }

        workers = [.. InstanceWorker.All(settings, paths)];
        use = ServerUse.Of(settings, workers, expected);
        foreach (var worker in workers)
        {
            worker.Start(Serve);
        }
    }

    /// <summary>Instances that failed and were replaced.</summary>
    public long InstancesReplaced => mender?.Replaced ?? 0;

    /// <summary>Queries waiting or running.</summary>
    public int QueriesInside
    {
        get
        {
            lock (gate)
            {
                return scheduler.QueriesInside;
            }
        }
    }

    public Admission Submit(FeatureBatch source, int start, int count, IQueryObserver observer, long tag, QueryTerms terms = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        lock (gate)
        {
            if (closing)
            {
                return Admission.Closing;
            }

            var now = NowNs();
            hasLimits |= terms.LimitUs > 0;
            var slot = scheduler.Offer(now, count, scheduler.DeadlineNs(now, terms.LimitUs), terms.QualityMin ?? double.NegativeInfinity);
            if (slot < 0)
            {
                return slot switch { Scheduler.Full => Admission.QueueFull, Scheduler.TooLate => Admission.TooLate, _ => Admission.NoSuchQuality };
            }

            slots[slot].Begin(source, start, count, observer, tag, now);
            idle.Tell();
            if (manyDevices)
            {
                // Whoever a pulse reached might work for another device.
                Monitor.PulseAll(gate);
                return Admission.Accepted;
            }

            // All that have a part to run begin at once, not one after the other.
            for (var woken = Math.Min(idleWorkers, scheduler.WaitingParts - Volatile.Read(ref lookingWorkers)); woken > 0; woken--)
            {
                Monitor.Pulse(gate);
            }

            return Admission.Accepted;
        }
    }

    public IReadOnlyList<PathUse> UseOfPaths()
    {
        lock (gate)
        {
            return use.At(NowNs(), scheduler.WaitingPartsOf);
        }
    }

    /// <summary>Refuses new queries and returns when those inside are answered or <paramref name="patience"/> is over; true when all were answered.</summary>
    public bool Drain(TimeSpan patience)
    {
        var start = clock.GetTimestamp();
        lock (gate)
        {
            closing = true;
            idle.Tell();
            while (scheduler.QueriesInside + unreported > 0)
            {
                var left = patience - clock.GetElapsedTime(start);
                if (left <= TimeSpan.Zero || !Monitor.Wait(gate, left))
                {
                    return scheduler.QueriesInside + unreported == 0;
                }

                // A pulse meant for a worker may have landed here.
                Monitor.PulseAll(gate);
            }
        }

        return true;
    }

    public void Dispose()
    {
        var dropped = new int[slots.Length];
        int count;
        lock (gate)
        {
            closing = true;
            idle.Tell();
            count = scheduler.Abandon(dropped);
            Monitor.PulseAll(gate);
        }

        for (var i = 0; i < count; i++)
        {
            slots[dropped[i]].End = QueryEnd.Failed;
            slots[dropped[i]].Report();
        }

        mender?.Close();
        foreach (var worker in workers)
        {
            worker.Join();
            worker.Dispose();
        }

        mender?.Dispose();
    }

    private long NowNs() => (long)(clock.GetTimestamp() * (1e9 / clock.TimestampFrequency));

    /// <summary>Runs what the scheduler gives a worker; true when its instance has failed and is to be replaced, false when the server closes.</summary>
    private bool Serve(InstanceWorker worker)
    {
        if (worker.Failure is not null && !mender!.TryMend(worker, Withdraw, Return, Volatile.Read(ref hasLimits)))
        {
            return false;
        }

        var ended = new int[worker.Run.Capacity];
        while (Next(worker, ended))
        {
            worker.Execute(onFault);
            Finish(worker, ended, worker.Failure);
            if (worker.Failure is not null && mender is not null)
            {
                return true;
            }
        }

        return false;
    }

    private void Return(InstanceWorker worker)
    {
        lock (gate)
        {
            scheduler.Return(worker.Run);
        }
    }

    /// <summary>Has nobody wait for a worker of which nobody knows when it works again.</summary>
    private void Withdraw(InstanceWorker worker)
    {
        lock (gate)
        {
            scheduler.Withdraw(worker.Run);
        }

        var dropped = new int[worker.Ended.Length];
        while (Drop(worker, dropped, QueryEnd.Lost))
        {
        }
    }

    /// <summary>Waits for work; false when the server closes and nothing is left.</summary>
    private bool Next(InstanceWorker worker, int[] dropped)
    {
        var sleeps = idle.IsOff;
        worker.Waited = false;
        while (true)
        {
            int seen;
            long wakeNs;
            while (Volatile.Read(ref hasLimits) && Drop(worker, dropped, QueryEnd.Late))
            {
            }

            lock (gate)
            {
                if (scheduler.TryStart(NowNs(), worker.Lane, worker.Run))
                {
                    Prepare(worker);
                    return true;
                }

                if (closing && scheduler.QueriesInside == 0)
                {
                    return false;
                }

                worker.Waited = true;
                seen = idle.News;
                wakeNs = scheduler.NextWakeNsOf(worker.Lane);
                if (sleeps)
                {
                    Sleep(wakeNs);
                    continue;
                }

                Interlocked.Increment(ref lookingWorkers);
            }

            sleeps = !idle.Finds(seen, wakeNs);
            Interlocked.Decrement(ref lookingWorkers);
        }
    }

    /// <summary>Until a pulse, or until <paramref name="wakeNs"/>. Called inside the gate.</summary>
    private void Sleep(long wakeNs)
    {
        idleWorkers++;
        if (wakeNs == long.MaxValue)
        {
            Monitor.Wait(gate);
        }
        else
        {
            Monitor.Wait(gate, TimeSpan.FromMicroseconds(Math.Max(0, wakeNs - NowNs()) / 1000 + 1));
        }

        idleWorkers--;
    }

    /// <summary>Lends buffers to the queries of a run that has started, and wakes whoever is needed beside it.</summary>
    private void Prepare(InstanceWorker worker)
    {
        use.Started(worker.Run, worker.Place, follows: !worker.Waited);

        // Offers pulse one worker each; a backlog needs the next one awake as well.
        if (idleWorkers > 0 && scheduler.WaitingPartsOf(worker.Lane) > 0)
        {
            Monitor.Pulse(gate);
        }

        worker.HasSkipped = false;
        for (var i = 0; i < worker.Run.Parts; i++)
        {
            var query = slots[worker.Run[i].Slot];
            if (query.Scores.Length == 0)
            {
                query.Scores = buffers.Take(query.ScoreCount);
            }

            worker.Sources[i] = query;
            worker.Skipped[i] = query.End != QueryEnd.Answered;
            worker.HasSkipped |= worker.Skipped[i];
        }
    }

    /// <summary>Ends queries that are late already, or those whose device is lost; false where there is none.</summary>
    private bool Drop(InstanceWorker worker, int[] dropped, QueryEnd end)
    {
        int count;
        lock (gate)
        {
            var room = dropped.AsSpan(0, worker.Ended.Length);
            count = end == QueryEnd.Late ? scheduler.DropLate(NowNs(), room) : scheduler.DropLost(room);
            unreported += count;
            for (var i = 0; i < count; i++)
            {
                slots[dropped[i]].End = end;
                slots[dropped[i]].CopyTo(worker.Ended[i]);
            }
        }

        Report(worker, count, tookNs: 0);
        return count > 0;
    }

    private void Finish(InstanceWorker worker, int[] ended, Exception? failure)
    {
        int count;
        long tookNs;
        lock (gate)
        {
            if (failure is not null)
            {
                for (var i = 0; i < worker.Run.Parts; i++)
                {
                    worker.Sources[i].End = QueryEnd.Failed;
                }
            }

            var now = NowNs();
            var end = failure is not null ? RunEnd.Failed : worker.HasSkipped ? RunEnd.PartlySkipped : RunEnd.Scored;
            use.Ended(worker.Run, worker.Place, now, end);
            tookNs = now - worker.Run.StartedNs;
            count = failure is not null && mender is not null ? scheduler.Retire(worker.Run, ended, withdraw: hasLimits) : scheduler.Finish(now, worker.Run, ended, failed: end != RunEnd.Scored);
            unreported += count;
            for (var i = 0; i < count; i++)
            {
                use.QueryEnded(worker.Run.Path, slots[ended[i]].End, now - slots[ended[i]].SubmittedNs);
                slots[ended[i]].CopyTo(worker.Ended[i]);
            }
        }

        Report(worker, count, tookNs);
    }

    /// <summary>Tells the observers of queries that have left the scheduler.</summary>
    /// <param name="tookNs">The run that they end with.</param>
    private void Report(InstanceWorker worker, int count, long tookNs)
    {
        if (count == 0)
        {
            return;
        }

        InstanceThread.Ran(tookNs, count);
        for (var i = 0; i < count; i++)
        {
            worker.Ended[i].Report();
        }

        lock (gate)
        {
            unreported -= count;
            for (var i = 0; i < count; i++)
            {
                // What never ran was lent none.
                if (worker.Ended[i].Scores.Length > 0)
                {
                    buffers.Return(worker.Ended[i].Scores);
                    worker.Ended[i].Scores = [];
                }
            }

            if (closing)
            {
                Monitor.PulseAll(gate);
            }
        }
    }
}
