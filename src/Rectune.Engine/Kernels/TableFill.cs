using System.Runtime.ExceptionServices;
using Rectune.Core.Domain;

namespace Rectune.Engine.Kernels;

/// <summary>One parallel writing of all rows: chunks of rows are handed to whichever thread is free.</summary>
internal sealed unsafe class TableFill
{
    /// <summary>fp32 values of one chunk: 256 KiB, which a core's second-level cache holds between generating and packing.</summary>
    private const int ChunkValues = 64 * 1024;

    private readonly EmbeddingTables tables;
    private readonly RowFiller filler;
    private readonly IProgress<double>? progress;
    private readonly Lock reporting = new();

    /// <summary><c>[tables + 1]</c>: chunks before each table.</summary>
    private readonly long[] chunksBefore;

    private long nextChunk;
    private long doneChunks;
    private int reportedPercent;
    private Exception? failure;

    public TableFill(EmbeddingTables tables, RowFiller filler, IProgress<double>? progress)
    {
        this.tables = tables;
        this.filler = filler;
        this.progress = progress;
        chunksBefore = new long[tables.Count + 1];
        for (var table = 0; table < tables.Count; table++)
        {
            var slot = tables.Slots[table];
            var rows = RowsPerChunk(slot.Dim);
            chunksBefore[table + 1] = chunksBefore[table] + (slot.SharedWith is null ? (slot.Rows + rows - 1) / rows : 0);
        }
    }

    public void Run(int threads, CancellationToken cancellation)
    {
        var helpers = new Thread[(int)Math.Min(threads, Math.Max(chunksBefore[^1], 1)) - 1];
        for (var i = 0; i < helpers.Length; i++)
        {
            helpers[i] = new Thread(() => Work(cancellation)) { IsBackground = true, Name = "fill tables" };
            helpers[i].Start();
        }

        Work(cancellation);
        foreach (var helper in helpers)
        {
            helper.Join();
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        if (doneChunks < chunksBefore[^1])
        {
            throw new OperationCanceledException(cancellation);
        }
    }

    private static int RowsPerChunk(int dim) => Math.Max(1, ChunkValues / dim);

    private void Work(CancellationToken cancellation)
    {
        try
        {
            float[] scratch = [];
            while (!cancellation.IsCancellationRequested && Volatile.Read(ref failure) is null)
            {
                var chunk = Interlocked.Increment(ref nextChunk) - 1;
                if (chunk >= chunksBefore[^1])
                {
                    return;
                }

                Write(chunk, ref scratch);
                Report();
            }
        }
        catch (Exception thrown)
        {
            Interlocked.CompareExchange(ref failure, thrown, null);
        }
    }

    private void Write(long chunk, ref float[] scratch)
    {
        var table = 0;
        while (chunksBefore[table + 1] <= chunk)
        {
            table++;
        }

        var layout = tables.Layouts[table];
        var dim = layout.Slot.Dim;
        var chunkRows = RowsPerChunk(dim);
        var firstRow = (chunk - chunksBefore[table]) * chunkRows;
        var count = (int)Math.Min(chunkRows, layout.Slot.Rows - firstRow) * dim;
        var target = tables.Pointer + layout.Offset + (firstRow * layout.RowBytes);
        if (tables.Precision == TablePrecision.Fp32)
        {
            filler(table, firstRow, new Span<float>(target, count));
            return;
        }

        if (scratch.Length < count)
        {
            scratch = GC.AllocateUninitializedArray<float>(Math.Max(count, ChunkValues));
        }

        var values = scratch.AsSpan(0, count);
        filler(table, firstRow, values);
        RowCodec.Encode(tables.Precision, values, dim, target);
    }

    private void Report()
    {
        var done = Interlocked.Increment(ref doneChunks);
        if (progress is null)
        {
            return;
        }

        var percent = (int)(done * 100 / chunksBefore[^1]);
        lock (reporting)
        {
            if (percent > reportedPercent)
            {
                reportedPercent = percent;
                progress.Report(percent / 100.0);
            }
        }
    }
}
