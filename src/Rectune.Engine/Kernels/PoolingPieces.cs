using Rectune.Core.Domain;

namespace Rectune.Engine.Kernels;

/// <summary>
/// One batch's look-ups in pieces of about equal bytes. The kernel's order of work (block of samples, table, sample) is a line whose length is bytes, every
/// sample of a table counting as the batch's average; a piece is a section of it, and both ends of a section are found by the same arithmetic.
/// </summary>
internal sealed unsafe class PoolingPieces(PooledEmbeddings kernel) : IPieceWork
{
    private EmbeddingTables? tables;
    private FeatureBatch? source;
    private int start;
    private int count;
    private int blockSamples;
    private int pieces;

    /// <summary><c>[tables + 1]</c>: bytes of a sample before each table.</summary>
    private long[] bytesBefore = [];

    /// <summary>Bytes of rows read and of output written.</summary>
    public long Bytes => tables is null ? 0 : bytesBefore[tables.Count] * count;

    /// <summary>The first sample's output row; pinned while pieces run.</summary>
    public float* Target { get; set; }

    public void Begin(EmbeddingTables batchTables, FeatureBatch batch, int first, int samples)
    {
        (tables, source, start, count) = (batchTables, batch, first, samples);
        blockSamples = PooledEmbeddings.BlockSamples(tables);
        if (bytesBefore.Length < tables.Count + 1)
        {
            bytesBefore = new long[tables.Count + 1];
        }

        for (var table = 0; table < tables.Count; table++)
        {
            bytesBefore[table + 1] = bytesBefore[table] + SampleBytes(tables.Layouts[table]);
        }
    }

    /// <summary>Cuts the batch in <paramref name="number"/> pieces.</summary>
    public void Cut(int number) => pieces = number;

    public void End()
    {
        (tables, source) = (null, null);
        Target = null;
    }

    public void RunPiece(int piece)
    {
        var (firstBlock, from) = Locate(Bytes / pieces * piece);
        var (lastBlock, to) = Locate(piece == pieces - 1 ? Bytes : Bytes / pieces * (piece + 1));
        for (var block = firstBlock; block <= lastBlock; block++)
        {
            var first = block * blockSamples;
            var samples = new SampleBlock(start + first, SamplesOf(block), Target + ((long)first * tables!.Width));
            kernel.PoolPart(
                tables, source!, samples, block == firstBlock ? from : default, block == lastBlock ? to : new BlockPosition(tables.Count, 0));
        }
    }

    private int SamplesOf(int block) => Math.Min(blockSamples, count - (block * blockSamples));

    private (int Block, BlockPosition Position) Locate(long at)
    {
        var sampleBytes = bytesBefore[tables!.Count];
        var block = (int)Math.Min(at / (sampleBytes * blockSamples), (count - 1) / blockSamples);
        var rest = at - (sampleBytes * blockSamples * block);
        var samples = SamplesOf(block);
        var table = 0;
        while (table < tables.Count && bytesBefore[table + 1] * samples <= rest)
        {
            table++;
        }

        return table == tables.Count
            ? (block, new BlockPosition(table, 0))
            : (block, new BlockPosition(table, (int)((rest - (bytesBefore[table] * samples)) / (bytesBefore[table + 1] - bytesBefore[table]))));
    }

    /// <summary>Bytes of an average sample of the batch; never 0, so that every sample lies somewhere. Columns that do not fit the batch are the kernel's to refuse.</summary>
    private long SampleBytes(in TableLayout layout)
    {
        var slot = layout.Slot;
        var (ids, offsets) = source!.Columns[slot.Feature];
        var lookUps = offsets is null ? ids.Length / source.Samples
            : offsets.Length <= start + count ? 0
            : Math.Max(0, offsets[start + count] - offsets[start]) / count;
        if (slot.Steps > 0)
        {
            lookUps = Math.Min(lookUps, slot.Steps);
        }

        return ((long)lookUps * layout.RowBytes) + ((long)slot.Width * sizeof(float));
    }
}
