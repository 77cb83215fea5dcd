using Rectune.Core.Domain;

namespace Rectune.Engine.Kernels;

/// <summary>Makes the runs that the loop takes from tables and a batch.</summary>
internal static unsafe class BagRuns
{
    /// <summary>The bags of one table for the samples of a block, without prefetching.</summary>
    /// <param name="memory">First byte of all tables.</param>
    /// <param name="stride">Elements of an output row.</param>
    /// <param name="ids">The pinned ids of the table's column.</param>
    /// <param name="offsets">Its pinned offsets, or null.</param>
    /// <exception cref="ArgumentException">Offsets or the number of ids do not fit the batch.</exception>
    public static BagRun Of(byte* memory, in TableLayout layout, int stride, FeatureBatch source, in SampleBlock block, int* ids, int* offsets)
    {
        var slot = layout.Slot;
        var bagSize = BagSize(source, slot.Feature, block.Start, block.Samples);
        return new BagRun
        {
            Rows = memory + layout.Offset,
            RowBytes = layout.RowBytes,
            RowLines = layout.RowLines,
            Dim = slot.Dim,
            Steps = slot.Steps,
            Divisor = (uint)slot.Divisor,
            Modulus = slot.Modulus == 0 ? IIndexRule.Reduction.NoModulus : (uint)slot.Modulus,
            Ids = offsets is null ? ids + ((long)block.Start * bagSize) : ids,
            Offsets = offsets is null ? null : offsets + block.Start,
            BagSize = bagSize,
            Samples = block.Samples,
            Target = block.Target + slot.Target,
            TargetStride = stride,
        };
    }

    /// <summary>Ids per sample, or 0 for ragged bags, whose offsets are checked here: a bad one would read beyond the ids.</summary>
    private static int BagSize(FeatureBatch source, int column, int start, int samples)
    {
        var (ids, offsets) = source.Columns[column];
        if (offsets is null)
        {
            if (ids.Length == source.Samples)
            {
                return 1;
            }

            var (size, rest) = Math.DivRem(ids.Length, source.Samples);
            return rest == 0 ? size : throw new ArgumentException($"column {column} has {ids.Length} ids for {source.Samples} samples", nameof(source));
        }

        if (offsets.Length < source.Samples + 1)
        {
            throw new ArgumentException($"column {column} has {offsets.Length} offsets for {source.Samples} samples", nameof(source));
        }

        var previous = 0;
        foreach (var offset in offsets.AsSpan(start, samples + 1))
        {
            if (offset < previous || offset > ids.Length)
            {
                throw new ArgumentException($"column {column} has a falling or too large offset {offset} for {ids.Length} ids", nameof(source));
            }

            previous = offset;
        }

        return 0;
    }
}
