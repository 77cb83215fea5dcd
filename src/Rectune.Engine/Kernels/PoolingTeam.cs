using Rectune.Core.Domain;

namespace Rectune.Engine.Kernels;

/// <summary>
/// The pooled look-up on several threads, with the bits that the kernel gives on one: no sum is split. For one caller at a time; allocates nothing once it
/// has seen its tables.
/// </summary>
public sealed unsafe class PoolingTeam : IDisposable
{
    /// <summary>Batches below take one thread about as long as it takes to wake another.</summary>
    private const long AloneBytes = 64 * 1024;

    /// <summary>Pieces a thread: enough that one that starts late or runs slowly leaves its share to the others.</summary>
    private const int PiecesPerThread = 4;

    /// <summary>Smaller pieces would spend their time on finding where they begin.</summary>
    private const long LeastPieceBytes = 8 * 1024;

    private readonly PooledEmbeddings kernel;
    private readonly ThreadTeam team;
    private readonly PoolingPieces work;
    private readonly bool ownsTeam;

    /// <param name="threads">Threads that pool, the caller's included.</param>
    public PoolingTeam(PooledEmbeddings kernel, int threads)
        : this(kernel, new ThreadTeam(threads)) => ownsTeam = true;

    /// <param name="team">Threads that do other work between calls; not owned.</param>
    public PoolingTeam(PooledEmbeddings kernel, ThreadTeam team)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(team);
        this.kernel = kernel;
        this.team = team;
        work = new PoolingPieces(kernel);
    }

    /// <summary>Threads that pool, the caller's included.</summary>
    public int Threads => team.Threads;

    /// <inheritdoc cref="PooledEmbeddings.Pool"/>
    public void Pool(EmbeddingTables tables, FeatureBatch source, int start, int count, Span<float> destination)
    {
        PooledEmbeddings.Check(tables, source, start, count, destination.Length);
        if (team.Threads == 1 || count == 0)
        {
            kernel.Pool(tables, source, start, count, destination);
            return;
        }

        work.Begin(tables, source, start, count);
        try
        {
            if (work.Bytes < AloneBytes)
            {
                kernel.Pool(tables, source, start, count, destination);
                return;
            }

            var pieces = (int)Math.Min(team.Threads * PiecesPerThread, work.Bytes / LeastPieceBytes);
            work.Cut(pieces);
            fixed (float* target = destination)
            {
                work.Target = target;
                team.Run(work, pieces);
            }
        }
        finally
        {
            work.End();
        }

        GC.KeepAlive(tables);
    }

    /// <summary>Ends the threads, unless they are lent.</summary>
    public void Dispose()
    {
        if (ownsTeam)
        {
            team.Dispose();
        }
    }
}
