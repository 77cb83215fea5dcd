using Rectune.Core.Domain;
using Rectune.Core.Scheduling;
using Rectune.Engine.Sessions;

namespace Rectune.Engine.Serving;

/// <summary>What one worker thread of a server has to itself: its instances of its device's paths, and room for a run.</summary>
internal sealed class InstanceWorker : IDisposable
{
    private readonly Lock starting = new();
    private readonly LargeParts large;
    private Thread? thread;

    private InstanceWorker(int lane, int number, PathInstance?[] instances, int maxBatch)
    {
        (Lane, Number, Instances) = (lane, number, instances);
        Run = new Run(maxBatch);
        Sources = new QuerySlot[maxBatch];
        Skipped = new bool[maxBatch];
        large = new LargeParts(maxBatch);
        Ended = new QuerySlot[maxBatch];
        for (var i = 0; i < Ended.Length; i++)
        {
            Ended[i] = new QuerySlot(instances.First(instance => instance is not null)!.Outputs);
        }
    }

    /// <summary>The device that it works for.</summary>
    public int Lane { get; }

    public int Number { get; }

    /// <summary>Among all workers of the server.</summary>
    public int Place { get; private init; }

    /// <summary>Whether all workers together take all cores.</summary>
    public bool NoCoreIsFree { get; private init; }

    /// <summary><c>[paths]</c>: null those of other devices.</summary>
    public PathInstance?[] Instances { get; }

    public Run Run { get; }

    public QuerySlot[] Sources { get; }

    /// <summary>Parts of the run that are not scored, since another part of their query has failed: what made that fail must not fail every instance.</summary>
    public bool[] Skipped { get; }

    /// <summary>Whether there are such in the run.</summary>
    public bool HasSkipped { get; set; }

    public QuerySlot[] Ended { get; }

    /// <summary>Of its threads, and in what is said of it.</summary>
    public string Name => $"instance-{Lane}-{Number}";

    /// <summary>Why its last run failed, or why what failed was not replaced; null where it did not.</summary>
    public Exception? Failure { get; set; }

    public FailureBackoff Backoff { get; } = new();

    /// <summary>Found no work when it looked for its run at first: its caches have been others' meanwhile.</summary>
    public bool Waited { get; set; }

    /// <summary>
    /// Serves on a thread of its own, which is on its cores when this returns; each time that this ends with true, for which an instance must have failed, another thread goes on, whatever state that left
    /// the first in.
    /// </summary>
    public void Start(Func<InstanceWorker, bool> serve) => Begin(serve).Wait();

    /// <summary>Waits for the thread, and for those that took over from it.</summary>
    public void Join()
    {
        for (Thread? joined = null; ;)
        {
            Thread current;
            lock (starting)
            {
                current = thread!;
            }

            if (current == joined)
            {
                return;
            }

            current.Join();
            joined = current;
        }
    }

    /// <summary>Runs what the scheduler has given. Where that fails, the reason is kept and told: whatever it is, it must not take other instances with it.</summary>
    public void Execute(Action<Exception>? onFault)
    {
        try
        {
            Failure = null;
            Execute();
        }
        catch (Exception e)
        {
            Failure = e;
            Tell(onFault, e);
        }
    }

    /// <summary>Puts what <paramref name="renew"/> loads in the place of the instance that the last run was on, and closes that.</summary>
    public void Renew(Func<PathInstance, PathInstance> renew)
    {
        var failed = Instances[Run.Path]!;
        Instances[Run.Path] = renew(failed);
        failed.Dispose();
    }

    public void Dispose()
    {
        foreach (var instance in Instances)
        {
            instance?.Dispose();
        }
    }

    /// <summary>One for every instance of every device, with its instances of the device's paths at their places in the settings' list.</summary>
    public static IEnumerable<InstanceWorker> All(SchedulerSettings settings, IReadOnlyList<IReadOnlyList<PathInstance>> paths)
    {
        int[][] lanes = settings.Paths.Count == 0
            ? [[0]]
            : [.. Enumerable.Range(0, paths.Count).GroupBy(path => settings.Paths[path].Device, StringComparer.Ordinal).Select(lane => lane.ToArray())];
        var noCoreIsFree = lanes.Sum(lane => paths[lane[0]].Sum(instance => instance.Threads)) >= Environment.ProcessorCount;
        var place = 0;
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            var maxBatch = settings.Paths.Count == 0 ? settings.MaxBatch : lanes[lane].Max(path => settings.Paths[path].MaxBatch);
            for (var number = 0; number < paths[lanes[lane][0]].Count; number++)
            {
                var instances = new PathInstance?[paths.Count];
                foreach (var path in lanes[lane])
                {
                    instances[path] = paths[path][number];
                }

                yield return new InstanceWorker(lane, number, instances, maxBatch) { Place = place++, NoCoreIsFree = noCoreIsFree };
            }
        }
    }

    private static void Tell(Action<Exception>? onFault, Exception fault)
    {
        try
        {
            onFault?.Invoke(fault);
        }
        catch (Exception)
        {
            // Whoever listens may lack the memory that the run lacked; its queries must end all the same.
        }
    }

    /// <summary>Returns what ends when the thread is on its cores. Once the thread runs, this does not throw: nobody else may do its work.</summary>
    private Task Begin(Func<InstanceWorker, bool> serve)
    {
        var bound = new TaskCompletionSource();
        var next = new Thread(() => Work(serve, bound)) { IsBackground = true, Name = Name };
        lock (starting)
        {
            next.Start();
            thread = next;
        }

        return bound.Task;
    }

    private void Work(Func<InstanceWorker, bool> serve, TaskCompletionSource bound)
    {
        // All paths of a device divide its cores alike.
        Instances.First(instance => instance is not null)!.BindCaller();
        InstanceThread.Begin(NoCoreIsFree);
        bound.SetResult();
        while (serve(this))
        {
            try
            {
                _ = Begin(serve);
                return;
            }
            catch (OutOfMemoryException)
            {
                // No thread to be had: this one must do.
            }
        }
    }

    private void Execute()
    {
        large.Find(Run, Sources, Skipped, Instances[Run.Path]!.ScaledTogether);
        Score(0, Run.Parts, areLarge: false);
        if (large.Any)
        {
            Score(0, Run.Parts, areLarge: true);
        }
    }

    /// <summary>Scores parts of the run together; where a score is not finite, each apart, so that what made it so spoils its own query only.</summary>
    private void Score(int first, int end, bool areLarge)
    {
        if (ScoreCheck.AreFinite(ScoreTogether(first, end, areLarge)) || end == first + 1)
        {
            return;
        }

        for (var i = first; i < end; i++)
        {
            ScoreTogether(i, i + 1, areLarge);
        }
    }

    /// <summary>Scores those of the parts that are large, or those that are not, in one run of the instance.</summary>
    /// <returns><c>[samples, outputs]</c></returns>
    private ReadOnlySpan<float> ScoreTogether(int first, int end, bool areLarge)
    {
        var instance = Instances[Run.Path]!;
        instance.Begin();
        for (var i = first; i < end; i++)
        {
            if (!Skipped[i] && large[i] == areLarge)
            {
                var part = Run[i];
                instance.Add(Sources[i].Source!, Sources[i].Start + part.Start, part.Count);
            }
        }

        if (instance.Samples == 0)
        {
            return [];
        }

        instance.Pool();
        instance.Score();
        var scores = instance.Scores;
        var outputs = instance.Outputs;
        var at = 0;
        for (var i = first; i < end; i++)
        {
            if (!Skipped[i] && large[i] == areLarge)
            {
                var part = Run[i];
                scores.Slice(at * outputs, part.Count * outputs).CopyTo(Sources[i].Scores.AsSpan(part.Start * outputs));
                at += part.Count;
            }
        }

        return scores;
    }

    /// <summary>Refuses instances that are not those that are scheduled.</summary>
    public static void Check(SchedulerSettings settings, IReadOnlyList<IReadOnlyList<PathInstance>> paths)
    {
        int[] scheduled = settings.Paths.Count == 0 ? [settings.Instances] : [.. settings.Paths.Select(path => path.Instances)];
        int[] loaded = [.. paths.Select(instances => instances.Count)];
        if (!scheduled.SequenceEqual(loaded))
        {
            throw new ArgumentException($"{string.Join(" + ", scheduled)} instances are scheduled, {string.Join(" + ", loaded)} are loaded", nameof(paths));
        }
    }
}
