using Rectune.Core.Domain;
using Rectune.Engine.Data;
using Rectune.Engine.Sessions;

namespace Rectune.Engine.Profiling;

/// <summary>A configuration with all its instances loaded, each on a thread of its own, ready for visits.</summary>
internal sealed class LoadedConfiguration : IDisposable
{
    /// <summary>More runs than a visit of any length here can hold of the fastest path.</summary>
    private const int RecorderCapacity = 4096;

    /// <summary>A few visits then hold enough for a 99th percentile, and a journal's line stays short however fast the path is.</summary>
    private const int KeptRuns = 64;

    private readonly PathInstance[] instances;
    private readonly InstanceRecorder[] recorders;
    private readonly Thread[] threads;
    private readonly Rendezvous rendezvous;
    private readonly FeatureBatch pool;
    private readonly TimeProvider clock;
    private readonly InstanceRun[] runs;
    private readonly HashSet<int> visited = [];
    private int batch;
    private int warmUpRuns;
    private long visitTicks;
    private bool firstVisit;
    private volatile bool stopping;
    private Exception? failure;

    public LoadedConfiguration(
        Configuration configuration, ModelGraphs graphs, StoredTables stored, FeatureBatch pool, int maxBatch, TimeProvider clock)
    {
        Configuration = configuration;
        this.pool = pool;
        this.clock = clock;
        instances = PathInstances.Load(graphs, stored, configuration, maxBatch);
        recorders = new InstanceRecorder[instances.Length];
        runs = new InstanceRun[instances.Length];
        threads = new Thread[instances.Length];
        rendezvous = new Rendezvous(instances.Length + 1);
        for (var i = 0; i < instances.Length; i++)
        {
            recorders[i] = new InstanceRecorder(RecorderCapacity);
            runs[i] = new InstanceRun(instances[i], maxBatch, graphs.Outputs);
        }

        for (var i = 0; i < threads.Length; i++)
        {
            var index = i;
            threads[i] = new Thread(() => Work(index)) { IsBackground = true, Name = $"measure-{configuration.Id()}-{i}" };
            threads[i].Start();
        }
    }

    public Configuration Configuration { get; }

    /// <summary>Runs every instance on batches of <paramref name="batchSize"/> for about <paramref name="length"/>, all at the same time.</summary>
    public IReadOnlyList<InstanceRecorder> Visit(int batchSize, TimeSpan length, int warmUp)
    {
        batch = batchSize;
        warmUpRuns = warmUp;
        firstVisit = visited.Add(batchSize);
        visitTicks = (long)(length.TotalSeconds * clock.TimestampFrequency);
        rendezvous.Meet();
        rendezvous.Meet();
        return failure is null ? recorders : throw new InvalidOperationException($"running {Configuration.Id()} failed: {failure.Message}", failure);
    }

    public void Dispose()
    {
        stopping = true;
        rendezvous.Meet();
        foreach (var thread in threads)
        {
            thread.Join();
        }

        foreach (var instance in instances)
        {
            instance.Dispose();
        }
    }

    private void Work(int index)
    {
        instances[index].BindCaller();

        // Instances start at different candidates, as they would under load.
        var position = (int)((long)pool.Samples * index / instances.Length);
        while (true)
        {
            rendezvous.Meet();
            if (stopping)
            {
                return;
            }

            try
            {
                position = RunLoop.Record(runs[index], recorders[index], pool, position, batch, warmUpRuns, visitTicks, clock, firstVisit, wholeProcess: Configuration.Threads > 1, KeptRuns);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failure = e;
            }

            rendezvous.Meet();
        }
    }
}
