using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Rectune.Core.Domain;

namespace Rectune.Engine.Kernels;

/// <summary>
/// The look-up: for every sample and table, the sum of its bag's rows or, for a sequence, the rows one after another, in one call for all tables of a batch. Allocates nothing, keeps no state,
/// safe from any number of threads.
/// </summary>
/// <remarks>
/// Samples are taken in blocks whose pooled vectors stay in the second-level cache, and a block table by table: ids are then read in sequence, a
/// table's constants stay in registers, and prefetching needs one counter. Sample by sample, the output would be written in sequence, but each row
/// would need another table's base, ids and format.
/// </remarks>
public sealed unsafe class PooledEmbeddings
{
    /// <summary>
    /// Rows between the one read and the one prefetched. A miss to memory takes about 100 ns and a core that streams random 64-byte rows needs about
    /// 4 ns a row, so 24 are under way; that is also near the number of misses that a core can have outstanding.
    /// </summary>
    public const int DefaultPrefetchRows = 24;

    /// <summary>Half of the smallest second-level cache in use (256 KiB).</summary>
    private const int BlockBytes = 128 * 1024;

    /// <summary>Tables below this live in the second-level cache, where out-of-order execution hides the latency without help.</summary>
    private const long PrefetchedTableBytes = 128 * 1024;

    /// <summary>Best first. A name stands for its vector width and the narrower ones, used for narrow rows.</summary>
    private static readonly (string Name, bool IsSupported, int Width)[] Table =
    [
        // IsHardwareAccelerated is false where the runtime knows that wide vectors lower the clock.
        ("avx512", Avx512F.IsSupported && Vector512.IsHardwareAccelerated, Lanes512.Width),
        ("avx2", Avx2.IsSupported, Lanes256.Width),
        ("vector128", Vector128.IsHardwareAccelerated, Lanes128.Width),
        ("scalar", true, ScalarLanes.Width),
    ];

    private readonly int width;
    private readonly int prefetchRows;

    /// <param name="implementation">One of <see cref="Implementations"/>; null takes the first.</param>
    /// <param name="prefetchRows">Rows to prefetch ahead; 0 prefetches nothing.</param>
    /// <exception cref="InvalidInputException">This processor does not have the implementation.</exception>
    public PooledEmbeddings(string? implementation = null, int prefetchRows = DefaultPrefetchRows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(prefetchRows);
        Implementation = implementation ?? Implementations[0];
        var index = Array.FindIndex(Table, entry => entry.IsSupported && entry.Name == Implementation);
        if (index < 0)
        {
            throw new InvalidInputException(
                "pooling kernel", $"found '{Implementation}', expected one that this processor has: {string.Join(", ", Implementations)}");
        }

        width = Table[index].Width;
        this.prefetchRows = prefetchRows;
    }

    /// <summary>Names of what this processor can run, best first.</summary>
    public static IReadOnlyList<string> Implementations { get; } = [.. Table.Where(entry => entry.IsSupported).Select(entry => entry.Name)];

    public string Implementation { get; }

    /// <summary>Sums the bags of samples <paramref name="start"/> up to <paramref name="start"/> + <paramref name="count"/>.</summary>
    /// <param name="source">
    /// Holds the columns that the slots name. Ids must have passed <see cref="IndexCheck"/> for the rows that they stand for: they are not looked at again.
    /// </param>
    /// <param name="destination">
    /// <c>[count, width]</c>: rows of <see cref="EmbeddingTables.Width"/>. An empty bag gives zeros; elements of no slot keep what they hold.
    /// </param>
    public void Pool(EmbeddingTables tables, FeatureBatch source, int start, int count, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)start + count, source.Samples, nameof(count));
        ArgumentOutOfRangeException.ThrowIfLessThan(source.Columns.Length, tables.Features, nameof(source));
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, (long)count * tables.Width, nameof(destination));
        var blockSamples = Math.Max(1, BlockBytes / (sizeof(float) * Math.Max(1, tables.Width)));
        fixed (float* target = destination)
        {
            for (var done = 0; done < count; done += blockSamples)
            {
                var samples = Math.Min(blockSamples, count - done);
                var block = target + ((long)done * tables.Width);
                switch (tables.Precision)
                {
                    case TablePrecision.Fp32:
                        PoolBlock<IRowFormat.Singles>(tables, source, start + done, samples, block);
                        break;
                    case TablePrecision.Fp16:
                        PoolBlock<IRowFormat.Halves>(tables, source, start + done, samples, block);
                        break;
                    case TablePrecision.Int8:
                        PoolBlock<IRowFormat.Codes>(tables, source, start + done, samples, block);
                        break;
                    default:
                        PoolBlock<IRowFormat.Nibbles>(tables, source, start + done, samples, block);
                        break;
                }
            }
        }

        GC.KeepAlive(tables);
    }

    private void PoolBlock<TFormat>(EmbeddingTables tables, FeatureBatch source, int start, int samples, float* target)
        where TFormat : IRowFormat
    {
        // With few samples the rows of one table are too few to hide a miss, so the heads of several tables are asked for ahead.
        var tablesAhead = prefetchRows == 0 ? 0 : Math.Max(1, prefetchRows / samples);
        for (var table = -tablesAhead; table < tables.Count; table++)
        {
            var next = table + tablesAhead;
            if (next < tables.Count && PrefetchIds(tables.Layouts[next]) > 0)
            {
                var column = source.Columns[tables.Layouts[next].Slot.Feature];
                fixed (int* ids = column.Ids, offsets = column.Offsets)
                {
                    var run = Run(tables, source, next, start, samples, ids, offsets, target);
                    if (IsPlain(run))
                    {
                        run.PrefetchHead<IIndexRule.Identity>();
                    }
                    else
                    {
                        run.PrefetchHead<IIndexRule.Reduction>();
                    }
                }
            }

            if (table >= 0)
            {
                var column = source.Columns[tables.Layouts[table].Slot.Feature];
                fixed (int* ids = column.Ids, offsets = column.Offsets)
                {
                    var run = Run(tables, source, table, start, samples, ids, offsets, target);
                    if (IsPlain(run))
                    {
                        PoolTable<TFormat, IIndexRule.Identity>(run);
                    }
                    else
                    {
                        PoolTable<TFormat, IIndexRule.Reduction>(run);
                    }
                }
            }
        }
    }

    private static bool IsPlain(in BagRun run) => run is { Divisor: 1, Modulus: IIndexRule.Reduction.NoModulus };

    private void PoolTable<TFormat, TRule>(in BagRun run)
        where TFormat : IRowFormat
        where TRule : IIndexRule
    {
        var lanes = Math.Min(width, run.Dim);
        if (lanes >= Lanes512.Width)
        {
            BagPooling<TFormat, TRule, Lanes512, Vector512<float>>.Pool(run);
        }
        else if (lanes >= Lanes256.Width)
        {
            BagPooling<TFormat, TRule, Lanes256, Vector256<float>>.Pool(run);
        }
        else if (lanes >= Lanes128.Width)
        {
            BagPooling<TFormat, TRule, Lanes128, Vector128<float>>.Pool(run);
        }
        else
        {
            BagPooling<TFormat, TRule, ScalarLanes, float>.Pool(run);
        }
    }

    private BagRun Run(
        EmbeddingTables tables, FeatureBatch source, int table, int start, int samples, int* ids, int* offsets, float* target)
    {
        var layout = tables.Layouts[table];
        var slot = layout.Slot;
        var bagSize = BagSize(source, slot.Feature, start, samples);
        return new BagRun
        {
            Rows = tables.Pointer + layout.Offset,
            RowBytes = layout.RowBytes,
            Dim = slot.Dim,
            Steps = slot.Steps,
            Divisor = (uint)slot.Divisor,
            Modulus = slot.Modulus == 0 ? IIndexRule.Reduction.NoModulus : (uint)slot.Modulus,
            Ids = offsets is null ? ids + ((long)start * bagSize) : ids,
            Offsets = offsets is null ? null : offsets + start,
            BagSize = bagSize,
            Samples = samples,
            Target = target + slot.Target,
            TargetStride = tables.Width,
            PrefetchIds = PrefetchIds(layout),
        };
    }

    private int PrefetchIds(in TableLayout layout) => layout.Slot.Rows * layout.RowBytes >= PrefetchedTableBytes ? prefetchRows : 0;

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
