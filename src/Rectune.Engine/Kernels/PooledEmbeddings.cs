using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Rectune.Core.Domain;

namespace Rectune.Engine.Kernels;

/// <summary>
/// The look-up: for every sample and table, the sum of its bag's rows or, for a sequence, the rows one after another, in one call for all tables of a batch. Allocates nothing, keeps no state,
/// safe from any number of threads.
/// </summary>
/// <remarks>
/// Samples are taken in blocks, and a block table by table: ids are then read in sequence, a
/// table's constants stay in registers, and prefetching needs one counter. Sample by sample, the output would be written in sequence, but each row
/// would need another table's base, ids and format.
/// </remarks>
public sealed unsafe class PooledEmbeddings
{
    /// <summary>
    /// Rows ahead of the one that is read, unless a number is asked for: of rows of one, two and four lines alike, 16 to 32 rows ahead came within 3 % of the most that
    /// memory gives (benchmark <c>bags --sweep</c>); fewer leave line fills unused, which a core has 20 to 48 of in its second-level cache.
    /// </summary>
    public const int MostPrefetchRows = 24;

    /// <summary>Cache lines ahead at most: beyond, rows that are far wider push each other out of the first-level cache before they are read.</summary>
    private const int PrefetchLines = 96;

    /// <summary>Rows ahead at least: wide rows keep the lines busy by themselves, but the next must be under way when one ends.</summary>
    private const int LeastPrefetchRows = 2;

    /// <summary>
    /// Pooled vectors of a block: 2 MiB, more than a second-level cache holds of them. Each is written once, so that costs little, and a table's run of ids must be long for
    /// prefetching to get ahead: with 253 tables, blocks of 128 KiB hold four samples and look up a third fewer rows a second.
    /// </summary>
    private const int BlockBytes = 2048 * 1024;

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
    /// <param name="implementation">One of <see cref="Implementations"/>; null takes the first.</param>
    /// <param name="prefetchRows">Rows to prefetch ahead; 0 prefetches nothing, null <see cref="MostPrefetchRows"/>, fewer of very wide rows.</param>
    /// <exception cref="InvalidInputException">This processor does not have the implementation.</exception>
    public PooledEmbeddings(string? implementation = null, int? prefetchRows = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(prefetchRows ?? 0, nameof(prefetchRows));
        Implementation = implementation ?? Implementations[0];
        var index = Array.FindIndex(Table, entry => entry.IsSupported && entry.Name == Implementation);
        if (index < 0)
        {
            throw new InvalidInputException(
                "pooling kernel", $"found '{Implementation}', expected one that this processor has: {string.Join(", ", Implementations)}");
        }

        width = Table[index].Width;
        PrefetchRows = prefetchRows;
    }

    /// <summary>Names of what this processor can run, best first.</summary>
    public static IReadOnlyList<string> Implementations { get; } = [.. Table.Where(entry => entry.IsSupported).Select(entry => entry.Name)];

    public string Implementation { get; }

    /// <summary>Rows between the one read and the one prefetched; 0: none is; null: <see cref="MostPrefetchRows"/>, fewer of very wide rows.</summary>
    public int? PrefetchRows { get; }

    /// <summary>Sums the bags of samples <paramref name="start"/> up to <paramref name="start"/> + <paramref name="count"/>.</summary>
    /// <param name="source">
    /// Holds the columns that the slots name. Ids must have passed <see cref="IndexCheck"/> for the rows that they stand for: they are not looked at again.
    /// </param>
    /// <param name="destination">
    /// <c>[count, width]</c>: rows of <see cref="EmbeddingTables.Width"/>. An empty bag gives zeros; elements of no slot keep what they hold.
    /// </param>
    public void Pool(EmbeddingTables tables, FeatureBatch source, int start, int count, Span<float> destination)
    {
        Check(tables, source, start, count, destination.Length);
        var blockSamples = BlockSamples(tables);
        fixed (float* target = destination)
        {
            for (var done = 0; done < count; done += blockSamples)
            {
                var block = new SampleBlock(start + done, Math.Min(blockSamples, count - done), target + ((long)done * tables.Width));
                PoolPart(tables, source, block, default, new BlockPosition(tables.Count, 0));
            }
        }

        GC.KeepAlive(tables);
    }

    internal static void Check(EmbeddingTables tables, FeatureBatch source, int start, int count, int destinationLength)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)start + count, source.Samples, nameof(count));
        ArgumentOutOfRangeException.ThrowIfLessThan(source.Columns.Length, tables.Features, nameof(source));
        ArgumentOutOfRangeException.ThrowIfLessThan(destinationLength, (long)count * tables.Width, "destination");
    }

    /// <summary>Samples taken table by table before the next.</summary>
    internal static int BlockSamples(EmbeddingTables tables) => Math.Max(1, BlockBytes / (sizeof(float) * Math.Max(1, tables.Width)));

    /// <summary>The part of a block from one position up to another, in the order of tables, then samples.</summary>
    internal void PoolPart(EmbeddingTables tables, FeatureBatch source, in SampleBlock block, BlockPosition from, BlockPosition to)
    {
        switch (tables.Precision)
        {
            case TablePrecision.Fp32:
                PoolPart<IRowFormat.Singles>(tables, source, block, from, to);
                break;
            case TablePrecision.Fp16:
                if (HalfBits.SubnormalsAreFree)
                {
                    PoolPart<IRowFormat.HalvesByProduct>(tables, source, block, from, to);
                }
                else
                {
                    PoolPart<IRowFormat.Halves>(tables, source, block, from, to);
                }

                break;
            case TablePrecision.Int8:
                PoolPart<IRowFormat.Codes>(tables, source, block, from, to);
                break;
            default:
                PoolPart<IRowFormat.Nibbles>(tables, source, block, from, to);
                break;
        }
    }

    private void PoolPart<TFormat>(EmbeddingTables tables, FeatureBatch source, in SampleBlock block, BlockPosition from, BlockPosition to)
        where TFormat : IRowFormat
    {
        var memory = tables.Pointer;
        var layouts = tables.Layouts;
        var end = to.Sample > 0 ? to.Table + 1 : to.Table;
        // With few ids the rows of one table are too few to hide a miss, so the heads of several are asked for ahead: as many as one distance holds.
        var distance = PrefetchRows ?? MostPrefetchRows;
        var next = from.Table;
        var ahead = 0L;
        for (var table = from.Table; table < end; table++)
        {
            for (; next < end && (next <= table + 1 || ahead < distance); next++)
            {
                ahead += PrefetchHead(memory, layouts[next], tables.Width, source, block.Of(next, from, to, tables.Width));
            }

            ref readonly var layout = ref layouts[table];
            var column = source.Columns[layout.Slot.Feature];
            fixed (int* ids = column.Ids, offsets = column.Offsets)
            {
                var run = BagRuns.Of(memory, layout, tables.Width, source, block.Of(table, from, to, tables.Width), ids, offsets);
                run.PrefetchIds = PrefetchIds(layout);
                ahead -= Head(run);
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

    /// <summary>Asks for a table's first rows; returns how much of the distance they take.</summary>
    private long PrefetchHead(byte* memory, in TableLayout layout, int stride, FeatureBatch source, in SampleBlock block)
    {
        var prefetchIds = PrefetchIds(layout);
        if (prefetchIds == 0)
        {
            return 0;
        }

        var column = source.Columns[layout.Slot.Feature];
        fixed (int* ids = column.Ids, offsets = column.Offsets)
        {
            var run = BagRuns.Of(memory, layout, stride, source, block, ids, offsets);
            run.PrefetchIds = prefetchIds;
            if (IsPlain(run))
            {
                run.PrefetchHead<IIndexRule.Identity>();
            }
            else
            {
                run.PrefetchHead<IIndexRule.Reduction>();
            }

            return Head(run);
        }
    }

    /// <summary>A run's first rows in the distance's unit: rows where rows were asked for, else cache lines.</summary>
    private long Head(in BagRun run) =>
        Math.Min(run.EndId - run.FirstId(0), run.PrefetchIds) * (PrefetchRows is null ? RowLines(run.RowBytes) : 1);

    private int PrefetchIds(in TableLayout layout)
    {
        if (layout.Slot.Rows * layout.RowBytes < PrefetchedTableBytes)
        {
            return 0;
        }

        return PrefetchRows ?? Math.Clamp(PrefetchLines / RowLines(layout.RowBytes), LeastPrefetchRows, MostPrefetchRows);
    }

    private static int RowLines(int rowBytes) => (int)((uint)(rowBytes + BagRun.LineBytes - 1) / BagRun.LineBytes);

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
}
