using Rectune.Core.Domain;
using Rectune.Engine.Kernels;
using Rectune.Engine.Sessions;

namespace Rectune.Engine.Profiling;

/// <summary>A configuration with all its instances loaded, each on a thread of its own, ready for visits.</summary>
internal sealed class LoadedConfiguration : IDisposable
{
    /// <summary>More runs than a visit of any length here can hold of the fastest path.</summary>
    private const int RecorderCapacity = 4096;

    private readonly PathInstance[] instances;
    private readonly InstanceRecorder[] recorders;
    private readonly Thread[] threads;
    private readonly Barrier barrier;
    private readonly FeatureBatch pool;
    private readonly TimeProvider clock;
    private readonly float[][] answers;
    private int batch;
    private int warmUpRuns;
    private long visitTicks;
    private volatile bool stopping;
    private Exception? failure;

    public LoadedConfiguration(
        Configuration configuration, DenseModel model, EmbeddingTables tables, FeatureBatch pool, int maxBatch, TimeProvider clock)
    {
        Configuration = configuration;
        this.pool = pool;
        this.clock = clock;
        instances = PathInstances.Load(model, tables, configuration, maxBatch);
        recorders = new InstanceRecorder[instances.Length];
        answers = new float[instances.Length][];
        threads = new Thread[instances.Length];
        barrier = new Barrier(instances.Length + 1);
        for (var i = 0; i < instances.Length; i++)
        {
            recorders[i] = new InstanceRecorder(RecorderCapacity);
            answers[i] = new float[maxBatch * model.Outputs];
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
        visitTicks = (long)(length.TotalSeconds * clock.TimestampFrequency);
        barrier.SignalAndWait();
        barrier.SignalAndWait();
        return failure is null ? recorders : throw new InvalidOperationException($"running {Configuration.Id()} failed: {failure.Message}", failure);
    }

    public void Dispose()
    {
        stopping = true;
        barrier.SignalAndWait();
        foreach (var thread in threads)
        {
            thread.Join();
        }

        foreach (var instance in instances)
        {
            instance.Dispose();
        }

        barrier.Dispose();
    }

    private void Work(int index)
    {
        // Instances start at different candidates, as they would under load.
        var position = (int)((long)pool.Samples * index / instances.Length);
        while (true)
        {
            barrier.SignalAndWait();
            if (stopping)
            {
                return;
            }

            try
            {
                position = Record(index, position);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failure = e;
            }

            barrier.SignalAndWait();
        }
    }

    private int Record(int index, int position)
    {
        var instance = instances[index];
        var recorder = recorders[index];
        recorder.Clear();
        var usPerTick = 1e6 / clock.TimestampFrequency;
        var delayBefore = ThreadDisturbance.RunQueueDelayNs();
        var counted = ThreadDisturbance.TryRead(out var before);
        var last = before;
        var deadline = clock.GetTimestamp() + visitTicks;
        for (var run = 0; !recorder.Full; run++)
        {
            position = position + batch > pool.Samples ? 0 : position;
            var t0 = clock.GetTimestamp();
            instance.Begin();
            instance.Add(pool, position, batch);
            var t1 = clock.GetTimestamp();
            instance.Pool();
            var t2 = clock.GetTimestamp();
            instance.Score();
            var t3 = clock.GetTimestamp();
            instance.Scores.CopyTo(answers[index]);
            var t4 = clock.GetTimestamp();
            position += batch;

            var disturbed = false;
            if (counted && ThreadDisturbance.TryRead(out var now))
            {
                disturbed = now.InvoluntarySwitches > last.InvoluntarySwitches || now.MajorFaults > last.MajorFaults;
                last = now;
            }

            if (run >= warmUpRuns)
            {
                recorder.Add(new RunRecord((t1 - t0) * usPerTick, (t2 - t1) * usPerTick, (t3 - t1) * usPerTick, (t4 - t3) * usPerTick, disturbed));
                if (t4 >= deadline)
                {
                    break;
                }
            }
        }

        recorder.Counters = counted
            ? new ThreadCounters(
                last.InvoluntarySwitches - before.InvoluntarySwitches, last.MinorFaults - before.MinorFaults, last.MajorFaults - before.MajorFaults)
            : null;
        recorder.RunQueueDelayMs = (ThreadDisturbance.RunQueueDelayNs() - delayBefore) / 1e6;
        return position;
    }
}
