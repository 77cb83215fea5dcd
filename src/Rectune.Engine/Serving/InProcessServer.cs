using Rectune.Core.Domain;
using Rectune.Core.Scheduling;
using Rectune.Engine.Sessions;

namespace Rectune.Engine.Serving;

/// <summary>
/// Answers queries on a path: the shared scheduler, one worker thread an instance, no allocation per query in the steady state.
/// </summary>
public sealed class InProcessServer : IQueryTarget, IDisposable
{
    private readonly object gate = new();
    private readonly Scheduler scheduler;
    private readonly QuerySlot[] slots;
    private readonly ScoreBuffers buffers = new();
    private readonly Worker[] workers;
    private readonly TimeProvider clock;
    private readonly Action<Exception>? onFault;
    private int idleWorkers;

    // Queries that have left the scheduler and whose observers are being called.
    private int unreported;
    private bool closing;

    /// <param name="settings">The plan's scheduler; one instance each of <paramref name="instances"/>.</param>
    /// <param name="instances">Loaded instances; owned from here on.</param>
    /// <param name="clock">Source of the scheduler's time.</param>
    /// <param name="onFault">Hears, on a worker thread, why a run failed; its queries end as failed either way.</param>
    public InProcessServer(SchedulerSettings settings, IReadOnlyList<PathInstance> instances, TimeProvider clock, Action<Exception>? onFault = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(instances);
        ArgumentNullException.ThrowIfNull(clock);
        if (instances.Count != settings.Instances)
        {
            throw new ArgumentException($"{settings.Instances} instances are scheduled, {instances.Count} are loaded", nameof(instances));
        }

        this.clock = clock;
        this.onFault = onFault;
        scheduler = new Scheduler(settings);
        slots = new QuerySlot[settings.QueueLimit];
        for (var i = 0; i < slots.Length; i++)
        {
            slots[i] = new QuerySlot(instances[0].Outputs);
        }

        workers = new Worker[instances.Count];
        for (var i = 0; i < workers.Length; i++)
        {
            workers[i] = new Worker(instances[i], settings);
            var worker = workers[i];
            worker.Thread = new Thread(() => Work(worker)) { IsBackground = true, Name = $"instance-{i}" };
            worker.Thread.Start();
        }
    }

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

    public bool TrySubmit(FeatureBatch source, int start, int count, IQueryObserver observer, long tag)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        lock (gate)
        {
            var slot = closing ? -1 : scheduler.Offer(NowNs(), count);
            if (slot < 0)
            {
                return false;
            }

            slots[slot].Begin(source, start, count, observer, tag);
            // All that have a part to run begin at once, not one after the other.
            for (var woken = Math.Min(idleWorkers, scheduler.WaitingParts); woken > 0; woken--)
            {
                Monitor.Pulse(gate);
            }

            return true;
        }
    }

    /// <summary>Refuses new queries and returns when those inside are answered or <paramref name="patience"/> is over; true when all were answered.</summary>
    public bool Drain(TimeSpan patience)
    {
        var start = clock.GetTimestamp();
        lock (gate)
        {
            closing = true;
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
        lock (gate)
        {
            closing = true;
            var dropped = new int[slots.Length];
            var count = scheduler.Abandon(dropped);
            for (var i = 0; i < count; i++)
            {
                slots[dropped[i]].Fail();
            }

            Monitor.PulseAll(gate);
        }

        foreach (var worker in workers)
        {
            worker.Thread!.Join();
            worker.Instance.Dispose();
        }
    }

    private long NowNs() => (long)(clock.GetTimestamp() * (1e9 / clock.TimestampFrequency));

    private void Work(Worker worker)
    {
        worker.Instance.BindCaller();
        var ended = new int[worker.Run.Capacity];
        while (Next(worker))
        {
            Exception? failure = null;
            try
            {
                Execute(worker);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failure = e;
                onFault?.Invoke(e);
            }

            Finish(worker, ended, failure);
        }
    }

    /// <summary>Waits for work; false when the server closes and nothing is left.</summary>
    private bool Next(Worker worker)
    {
        lock (gate)
        {
            while (!scheduler.TryStart(NowNs(), worker.Run))
            {
                if (closing && scheduler.QueriesInside == 0)
                {
                    return false;
                }

                var wakeNs = scheduler.NextWakeNs;
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

            // Offers pulse one worker each; a backlog needs the next one awake as well.
            if (idleWorkers > 0 && scheduler.WaitingQueries > 0)
            {
                Monitor.Pulse(gate);
            }

            for (var i = 0; i < worker.Run.Parts; i++)
            {
                var query = slots[worker.Run[i].Slot];
                if (query.Scores.Length == 0)
                {
                    query.Scores = buffers.Take(query.ScoreCount);
                }

                worker.Sources[i] = query;
            }

            return true;
        }
    }

    private static void Execute(Worker worker)
    {
        var instance = worker.Instance;
        var run = worker.Run;
        instance.Begin();
        for (var i = 0; i < run.Parts; i++)
        {
            var part = run[i];
            var query = worker.Sources[i];
            instance.Add(query.Source!, query.Start + part.Start, part.Count);
        }

        instance.Pool();
        instance.Score();
        var scores = instance.Scores;
        var outputs = instance.Outputs;
        var at = 0;
        for (var i = 0; i < run.Parts; i++)
        {
            var part = run[i];
            scores.Slice(at * outputs, part.Count * outputs).CopyTo(worker.Sources[i].Scores.AsSpan(part.Start * outputs));
            at += part.Count;
        }
    }

    private void Finish(Worker worker, int[] ended, Exception? failure)
    {
        int count;
        lock (gate)
        {
            if (failure is not null)
            {
                for (var i = 0; i < worker.Run.Parts; i++)
                {
                    worker.Sources[i].Failed = true;
                }
            }

            count = scheduler.Finish(worker.Run, ended);
            unreported += count;
            for (var i = 0; i < count; i++)
            {
                slots[ended[i]].CopyTo(worker.Ended[i]);
            }
        }

        for (var i = 0; i < count; i++)
        {
            worker.Ended[i].Report();
        }

        lock (gate)
        {
            unreported -= count;
            for (var i = 0; i < count; i++)
            {
                buffers.Return(worker.Ended[i].Scores);
                worker.Ended[i].Scores = [];
            }

            if (closing)
            {
                Monitor.PulseAll(gate);
            }
        }
    }

    private sealed class Worker
    {
        public Worker(PathInstance instance, SchedulerSettings settings)
        {
            Instance = instance;
            Run = new Run(settings.MaxBatch);
            Sources = new QuerySlot[settings.MaxBatch];
            Ended = new QuerySlot[settings.MaxBatch];
            for (var i = 0; i < Ended.Length; i++)
            {
                Ended[i] = new QuerySlot(instance.Outputs);
            }
        }

        public PathInstance Instance { get; }

        public Run Run { get; }

        public QuerySlot[] Sources { get; }

        public QuerySlot[] Ended { get; }

        public Thread? Thread { get; set; }
    }
}
