using Rectune.Core.Domain;
using Rectune.Core.Scheduling;
using Rectune.Engine.Sessions;

namespace Rectune.Engine.Serving;

/// <summary>What one worker thread of a server has to itself: its instances of its device's paths, and room for a run.</summary>
internal sealed class InstanceWorker : IDisposable
{
    private InstanceWorker(int lane, int number, PathInstance?[] instances, int maxBatch)
    {
        (Lane, Number, Instances) = (lane, number, instances);
        Run = new Run(maxBatch);
        Sources = new QuerySlot[maxBatch];
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

    /// <summary><c>[paths]</c>: null those of other devices.</summary>
    public PathInstance?[] Instances { get; }

    public Run Run { get; }

    public QuerySlot[] Sources { get; }

    public QuerySlot[] Ended { get; }

    /// <summary>Found no work when it looked for its run at first: its caches have been others' meanwhile.</summary>
    public bool Waited { get; set; }

    public Thread? Thread { get; set; }

    /// <summary>All paths of a device divide its cores alike.</summary>
    public void BindCaller() => Instances.First(instance => instance is not null)!.BindCaller();

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

                yield return new InstanceWorker(lane, number, instances, maxBatch) { Place = place++ };
            }
        }
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
