using System.Diagnostics;
using Rectune.Core.Domain;
using Rectune.Core.Representations;
using Rectune.Engine.Data;
using Rectune.Engine.Kernels;
using Rectune.Engine.Limits;

namespace Rectune.Benchmarks.Bags;

/// <summary>The workload's tables in one precision, pooled by a team of threads that share each batch by samples.</summary>
internal sealed class BagTables : IDisposable
{
    private readonly BagsWorkload workload;
    private readonly LockstepThreads team;

    public BagTables(BagsWorkload workload, TablePrecision precision, LockstepThreads team)
    {
        this.workload = workload;
        this.team = team;
        Tables = EmbeddingTables.ForFeatures(workload.Features, precision);
        var values = new RandomRows(BagsWorkload.Seed);
        var rows = workload.Features.Select(f => new StoredRows(f.Name, f.Rows, f.Dim, Math.Sqrt(1.0 / f.Rows))).ToArray();
        Tables.Fill((table, firstRow, target) => values.Read(rows[table], firstRow, target), Environment.ProcessorCount, null, CancellationToken.None);
        Pooled = new float[workload.Batch * Tables.Width];
    }

    public EmbeddingTables Tables { get; }

    public TablePrecision Precision => Tables.Precision;

    public int RowBytes => Precision.RowBytes(workload.Dim);

    /// <summary><c>[batch, tables, dim]</c>: the sums of the batch pooled last.</summary>
    public float[] Pooled { get; }

    /// <summary>Pools the batch that begins at sample <paramref name="start"/> of the pool.</summary>
    public void Pool(PooledEmbeddings kernel, int start) => team.Run(member =>
    {
        var first = workload.Batch * member / team.Threads;
        var count = (workload.Batch * (member + 1) / team.Threads) - first;
        kernel.Pool(Tables, workload.Pool, start + first, count, Pooled.AsSpan(first * Tables.Width, count * Tables.Width));
    });

    /// <summary>Rows a second of the median batch, pooled over and over for <paramref name="limit"/>.</summary>
    public double RowsPerSecond(PooledEmbeddings kernel, TimeSpan limit)
    {
        var seconds = new List<double>();
        var at = 0;
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < limit || seconds.Count < 5)
        {
            at = at < workload.Pool.Samples ? at : 0;
            var start = Stopwatch.GetTimestamp();
            Pool(kernel, at);
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            at += workload.Batch;
        }

        return workload.RowsPerBatch / Report.Median(seconds[2..]);
    }

    public void Dispose() => Tables.Dispose();
}
