using Rectune.Core.Domain;
using Rectune.Engine.Data;

namespace Rectune.Engine.Sessions;

/// <summary>
/// One instance of a configuration, loaded and runnable: its own sessions and buffers over rows shared with the other instances.
/// A run is filled part by part, scored once, and read back. Allocates nothing after construction; not safe for concurrent use.
/// </summary>
public sealed class PathInstance : IDisposable
{
    private const int PooledInput = 0;
    private const int DenseInput = 1;

    private readonly GraphSession session;
    private readonly VectorProduction vectors;
    private readonly Part[] parts;
    private readonly (ModelGraphs Graphs, StoredTables Stored, Configuration Configuration) origin;
    private readonly InstanceSetup setup;
    private readonly CacheUse usedBefore;
    private readonly int denseWidth;
    private readonly int pooledWidth;
    private int partCount;

    /// <param name="graphs">The model.</param>
    /// <param name="stored">Rows of the configuration's representation in its precision; not owned.</param>
    /// <param name="configuration">What runs.</param>
    /// <param name="maxBatch">Largest batch that will be run.</param>
    /// <param name="number">Which of the configuration's instances, from 0: each has cores of its own.</param>
    /// <param name="traceFolder">Where its sessions leave their operators' times; null for nowhere.</param>
    public PathInstance(ModelGraphs graphs, StoredTables stored, Configuration configuration, int maxBatch, int number = 0, string? traceFolder = null)
        : this(graphs, stored, configuration, maxBatch, InstanceSetup.Of(configuration, number, traceFolder), VectorCache.Of(graphs, stored, configuration)?.Enter())
    {
    }

    /// <param name="cache">A hold on the cache of the configuration's instances together, owned from here on; it ends with the last of them. Null without one.</param>
    /// <param name="usedBefore">What the instances counted in whose place this one is.</param>
    internal PathInstance(ModelGraphs graphs, StoredTables stored, Configuration configuration, int maxBatch, InstanceSetup setup, CacheReader? cache, CacheUse usedBefore = default)
    {
        ArgumentNullException.ThrowIfNull(graphs);
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(configuration);
        origin = (graphs, stored, configuration);
        (this.setup, this.usedBefore) = (setup, usedBefore);
        parts = new Part[maxBatch];
        denseWidth = graphs.Card.DenseFeatures;
        pooledWidth = stored.Design.Layout.Width;
        Outputs = graphs.Outputs;
        vectors = new VectorProduction(graphs, stored, configuration, maxBatch, setup, cache);
        try
        {
            session = graphs.LoadDense(configuration, maxBatch, setup);
        }
        catch
        {
            vectors.Dispose();
            throw;
        }
    }

    /// <summary>Scores of a sample.</summary>
    public int Outputs { get; }

    /// <summary>Samples added since <see cref="Begin"/>.</summary>
    public int Samples { get; private set; }

    public int MaxBatch => session.MaxRows;

    /// <summary>That it runs on.</summary>
    public int Threads => origin.Configuration.Threads;

    /// <summary>Dense features of a sample where the layers scale them by the largest of the run; 0 where each sample's scores are its own.</summary>
    public int ScaledTogether => origin.Configuration.DensePrecision == DensePrecision.Int8 ? denseWidth : 0;

    /// <summary>Lookups in the cache of finished vectors since the instance was loaded, and those of the instances in whose place it is; none where it has no cache; safe to ask from any thread.</summary>
    public CacheUse CacheUse => usedBefore.Plus(vectors.CacheUse);

    /// <summary><c>[samples, outputs]</c> of the last run, in the order of addition.</summary>
    public ReadOnlySpan<float> Scores => session.Output(0)[..(Samples * Outputs)];

    /// <summary>Loads another to take this one's place, which failed and runs no more: over the same rows and the same cache, on the same cores. This one is still to be disposed, after it.</summary>
    public PathInstance Renew() =>
        new(origin.Graphs, origin.Stored, origin.Configuration, parts.Length, setup, vectors.Successor(), CacheUse);

    /// <summary>Keeps the calling thread, which will run the instance, on the cores that are the instance's for it.</summary>
    public void BindCaller() => setup.BindCaller();

    /// <summary>Starts an empty run.</summary>
    public void Begin()
    {
        Samples = 0;
        partCount = 0;
    }

    /// <summary>Adds samples <paramref name="start"/> … <paramref name="start"/> + <paramref name="count"/> − 1 of <paramref name="source"/>: the host preparation.</summary>
    public void Add(FeatureBatch source, int start, int count)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Samples + count, MaxBatch);
        if (denseWidth > 0)
        {
            source.Dense.AsSpan(start * denseWidth, count * denseWidth).CopyTo(session.Input(DenseInput)[(Samples * denseWidth)..]);
        }

        parts[partCount++] = new Part(source, start, count);
        Samples += count;
    }

    /// <summary>Produces the vectors of all added parts.</summary>
    public void Pool()
    {
        var at = 0;
        for (var i = 0; i < partCount; i++)
        {
            ref readonly var part = ref parts[i];
            vectors.Produce(part.Source, part.Start, part.Count, session.Input(PooledInput).Slice(at * pooledWidth, part.Count * pooledWidth));
            at += part.Count;
        }
    }

    /// <summary>Runs the dense graph over all added samples.</summary>
    public void Score() => session.Run(Samples);

    public void Dispose()
    {
        vectors.Dispose();
        session.Dispose();
    }

    private readonly record struct Part(FeatureBatch Source, int Start, int Count);
}
