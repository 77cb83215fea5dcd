using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Benchmarks.Bags;

/// <summary>
/// Bags of the shape of RM2, an embedding-bound production model: 32 tables of 500,000 rows of 64 elements, 120 uniform ids a table and sample
/// (<c>dlrm_rm2.json</c> of the benchmarks to Gupta et al., "DeepRecSys", ISCA 2020).
/// </summary>
internal sealed class BagsWorkload
{
    public const ulong Seed = 1;

    /// <summary>At the default shape a pass fetches about 10⁶ rows, at least 60 MB of lines: no cache keeps them until the next.</summary>
    private const int LeastSamples = 256;

    public BagsWorkload(Options options)
    {
        var tables = options.Whole("--tables", 32);
        Rows = options.Whole("--rows", 500_000);
        Dim = options.Whole("--dim", 64);
        Lookups = options.Whole("--lookups", 120);
        Batch = options.Whole("--batch", 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)tables * Rows, int.MaxValue, "--rows");
        Features = [.. Enumerable.Range(0, tables).Select(i => new SparseFeature { Name = $"T{i}", Rows = Rows, Dim = Dim, Lookups = Lookups })];
        var samples = Math.Max(4, (LeastSamples + Batch - 1) / Batch) * Batch;
        var random = new SplitMix64(Seed);
        var columns = new SparseColumn[tables];
        for (var table = 0; table < tables; table++)
        {
            var ids = new int[samples * Lookups];
            foreach (ref var id in ids.AsSpan())
            {
                id = (int)random.NextInt64(Rows);
            }

            columns[table] = new SparseColumn(ids, null);
        }

        Pool = new FeatureBatch(samples, [], columns);
    }

    public IReadOnlyList<SparseFeature> Features { get; }

    /// <summary>Rows of each table.</summary>
    public int Rows { get; }

    public int Dim { get; }

    /// <summary>Ids of a table for each sample.</summary>
    public int Lookups { get; }

    /// <summary>Samples of a batch.</summary>
    public int Batch { get; }

    /// <summary>Several batches, taken in turn.</summary>
    public FeatureBatch Pool { get; }

    /// <summary>Rows summed for one batch.</summary>
    public long RowsPerBatch => (long)Batch * Features.Count * Lookups;

    /// <summary>The pool's rows, numbered through all tables as they lie in memory, in the order of a batch taken table by table.</summary>
    public int[] RowSequence()
    {
        var sequence = new int[Pool.Samples * Features.Count * Lookups];
        var at = 0;
        for (var start = 0; start < Pool.Samples; start += Batch)
        {
            for (var table = 0; table < Features.Count; table++)
            {
                foreach (var id in Pool.Columns[table].Ids.AsSpan(start * Lookups, Batch * Lookups))
                {
                    sequence[at++] = (table * Rows) + id;
                }
            }
        }

        return sequence;
    }
}
