using Rectune.Core.Domain;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>
/// One instance of a configuration, loaded and runnable: its own session and buffers over tables shared with the other instances.
/// A run is filled part by part, scored once, and read back. Allocates nothing after construction; not safe for concurrent use.
/// </summary>
public sealed class PathInstance : IDisposable
{
    private readonly DenseSession session;
    private readonly EmbeddingTables tables;
    private readonly PooledEmbeddings kernel;
    private readonly Part[] parts;
    private int partCount;

    /// <param name="model">Graph and widths.</param>
    /// <param name="tables">Tables in the configuration's precision; not owned.</param>
    /// <param name="configuration">Threads and runtime options are taken from it.</param>
    /// <param name="maxBatch">Largest batch that will be run.</param>
    public PathInstance(DenseModel model, EmbeddingTables tables, Configuration configuration, int maxBatch)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(configuration);
        this.tables = tables;
        kernel = new PooledEmbeddings();
        parts = new Part[maxBatch];
        session = new DenseSession(model.Graph, model.DenseWidth, model.PooledWidth, model.Outputs, maxBatch, configuration.Threads, configuration.Runtime);
    }

    /// <summary>Samples added since <see cref="Begin"/>.</summary>
    public int Samples { get; private set; }

    public int MaxBatch => session.MaxBatch;

    /// <summary>Scores of a sample.</summary>
    public int Outputs => session.Outputs;

    /// <summary><c>[samples, outputs]</c> of the last run, in the order of addition.</summary>
    public ReadOnlySpan<float> Scores => session.Scores[..(Samples * Outputs)];

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
        var width = session.DenseWidth;
        source.Dense.AsSpan(start * width, count * width).CopyTo(session.Dense[(Samples * width)..]);
        parts[partCount++] = new Part(source, start, count);
        Samples += count;
    }

    /// <summary>Looks up and pools the embeddings of all added parts.</summary>
    public void Pool()
    {
        var width = session.PooledWidth;
        var at = 0;
        for (var i = 0; i < partCount; i++)
        {
            ref readonly var part = ref parts[i];
            kernel.Pool(tables, part.Source, part.Start, part.Count, session.Pooled.Slice(at * width, part.Count * width));
            at += part.Count;
        }
    }

    /// <summary>Runs the dense graph over all added samples.</summary>
    public void Score() => session.Run(Samples);

    public void Dispose() => session.Dispose();

    private readonly record struct Part(FeatureBatch Source, int Start, int Count);
}
