using System.Runtime.Intrinsics;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Engine.Kernels;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Kernels;

public sealed class PooledEmbeddingsTests
{
    private const int Samples = 37;

    /// <summary>Dims: exact vectors, several vectors, more than four vectors of the widest, odd, narrower than any vector.</summary>
    private static readonly int[] Dims = [1, 3, 4, 8, 15, 16, 17, 32, 33, 64, 100];

    public static TheoryData<string, TablePrecision> Cases()
    {
        var cases = new TheoryData<string, TablePrecision>();
        foreach (var implementation in PooledEmbeddings.Implementations)
        {
            foreach (var precision in TablePrecisions.All)
            {
                cases.Add(implementation, precision);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pool_OneHot_EqualsRowByRowReading(string implementation, TablePrecision precision) =>
        CheckAgainstReference(implementation, precision, _ => OneSize(1));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pool_FixedBags_EqualsRowByRowSum(string implementation, TablePrecision precision) =>
        CheckAgainstReference(implementation, precision, table => OneSize(table * 3));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pool_RaggedBags_EqualsRowByRowSum(string implementation, TablePrecision precision) =>
        CheckAgainstReference(implementation, precision, table => [.. Enumerable.Range(0, Samples).Select(sample => (sample * (table + 3)) % 41)]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pool_EmptyBags_GivesZerosOverOldContents(string implementation, TablePrecision precision)
    {
        using var tables = SmallTables(precision);
        var columns = Dims.Select(_ => new SparseColumn([], new int[Samples + 1])).ToArray();
        var pooled = Enumerable.Repeat(float.NaN, Samples * tables.Width).ToArray();
        new PooledEmbeddings(implementation).Pool(tables, new FeatureBatch(Samples, [], columns), 0, Samples, pooled);
        Assert.All(pooled, value => Assert.Equal(0f, value));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pool_LargeTablesOverManyBlocks_EqualsRowByRowReading(string implementation, TablePrecision precision)
    {
        // Large enough that rows are prefetched and that the batch is cut in blocks.
        const int samples = 1200;
        SparseFeature[] features = [SmallCards.Feature("a", 40_000, 16), SmallCards.Feature("b", 50, 17), SmallCards.Feature("c", 30_000, 64)];
        using var tables = EmbeddingTables.ForFeatures(features, precision);
        tables.Fill(Noise, 2, null, CancellationToken.None);
        var generator = new SplitMix64(9);
        var columns = features.Select(feature => new SparseColumn(Ids(ref generator, samples, feature.Rows), null)).ToArray();
        CheckAgainstReference(new PooledEmbeddings(implementation), tables, new FeatureBatch(samples, [], columns), 100, 1100);
        CheckAgainstReference(new PooledEmbeddings(implementation), tables, new FeatureBatch(samples, [], columns), 7, 1);
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Pool_EveryHalf_IsWidenedExactly(string implementation)
    {
        // One row for each of the 2^16 bit patterns, those that are no finite number stored as the largest; dim 16 so that the widest vectors run.
        using var tables = EmbeddingTables.ForFeatures([SmallCards.Feature("halves", 65536, 16)], TablePrecision.Fp16);
        tables.Fill(static (_, firstRow, values) =>
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (float)BitConverter.UInt16BitsToHalf((ushort)(firstRow + (i / 16)));
            }
        }, 1, null, CancellationToken.None);
        var ids = Enumerable.Range(0, 65536).ToArray();
        var pooled = new float[65536 * 16];
        new PooledEmbeddings(implementation).Pool(tables, new FeatureBatch(65536, [], [new SparseColumn(ids, null)]), 0, 65536, pooled);
        for (var bits = 0; bits < 65536; bits++)
        {
            var half = BitConverter.UInt16BitsToHalf((ushort)bits);
            var expected = Half.IsFinite(half) ? (float)half : bits < 0x8000 ? 65504f : -65504f;
            var actual = pooled[(bits * 16) + (bits % 16)];
            Assert.True(
                BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(actual), $"half 0x{bits:X4}: expected {expected:R}, found {actual:R}");
        }
    }

    /// <summary>Cores on which subnormal operands are slow widen halves another way, to the same bits.</summary>
    [Fact]
    public void Rebased_EveryFiniteHalf_IsTheSameInEveryWidth()
    {
        for (var bits = 0; bits < 65536; bits++)
        {
            var half = BitConverter.UInt16BitsToHalf((ushort)bits);
            if (!Half.IsFinite(half))
            {
                continue;
            }

            var shifted = ((int)(short)bits << HalfBits.Shift) & HalfBits.Mask;
            var expected = BitConverter.SingleToInt32Bits((float)half);
            Assert.Equal(expected, BitConverter.SingleToInt32Bits(Lanes128.Rebased(Vector128.Create(shifted))[3]));
            Assert.Equal(expected, BitConverter.SingleToInt32Bits(Lanes256.Rebased(Vector256.Create(shifted))[5]));
            Assert.Equal(expected, BitConverter.SingleToInt32Bits(Lanes512.Rebased(Vector512.Create(shifted))[11]));
        }
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Pool_EveryPairOfNibbles_IsDecodedInPlace(string implementation)
    {
        // One row for each byte: its two codes in turn, but codes 0 and 15 at the ends, which fix scale 1 and bias 0. Odd dims end in half a byte.
        foreach (var dim in new[] { 4, 5, 8, 9, 16, 17, 31 })
        {
            using var tables = EmbeddingTables.ForFeatures([SmallCards.Feature("nibbles", 256, dim)], TablePrecision.Int4);
            var expected = new float[256 * dim];
            for (var row = 0; row < 256; row++)
            {
                var values = expected.AsSpan(row * dim, dim);
                for (var element = 0; element < dim; element++)
                {
                    values[element] = element % 2 == 0 ? row % 16 : row / 16;
                }

                (values[0], values[dim - 1]) = (0, 15);
                tables.SetRow(0, row, values);
            }

            var pooled = new float[expected.Length];
            var ids = Enumerable.Range(0, 256).ToArray();
            new PooledEmbeddings(implementation).Pool(tables, new FeatureBatch(256, [], [new SparseColumn(ids, null)]), 0, 256, pooled);
            Assert.Equal(expected, pooled);
        }
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Pool_Repeated_AllocatesNothing(string implementation)
    {
        using var tables = SmallTables(TablePrecision.Int8);
        var source = Batch(tables, table => OneSize(table));
        var kernel = new PooledEmbeddings(implementation);
        var pooled = new float[Samples * tables.Width];
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                kernel.Pool(tables, source, 0, Samples, pooled);
            }
        }));
    }

    [Fact]
    public void Implementations_EndWithScalarAndFirstIsDefault()
    {
        Assert.Equal("scalar", PooledEmbeddings.Implementations[^1]);
        Assert.Equal(PooledEmbeddings.Implementations[0], new PooledEmbeddings().Implementation);
    }

    [Fact]
    public void PrefetchRows_NotAskedFor_IsAutomatic()
    {
        Assert.Null(new PooledEmbeddings().PrefetchRows);
        Assert.Equal(0, new PooledEmbeddings(prefetchRows: 0).PrefetchRows);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PooledEmbeddings(prefetchRows: -1));
    }

    [Fact]
    public void Constructor_UnknownImplementation_NamesTheOnesPresent()
    {
        var refused = Assert.Throws<InvalidInputException>(() => new PooledEmbeddings("mmx"));
        Assert.Contains("found 'mmx'", refused.Message);
        Assert.Contains("scalar", refused.Message);
    }

    [Fact]
    public void Pool_OffsetsBeyondIds_Refuses()
    {
        using var tables = EmbeddingTables.ForFeatures([SmallCards.Feature("a", 10, 4)], TablePrecision.Fp32);
        var kernel = new PooledEmbeddings();
        var target = new float[8];
        Assert.Throws<ArgumentException>(() => kernel.Pool(tables, new FeatureBatch(2, [], [new SparseColumn([1, 2], [0, 1, 3])]), 0, 2, target));
        Assert.Throws<ArgumentException>(() => kernel.Pool(tables, new FeatureBatch(2, [], [new SparseColumn([1, 2], [0, 2, 1])]), 0, 2, target));
        Assert.Throws<ArgumentException>(() => kernel.Pool(tables, new FeatureBatch(2, [], [new SparseColumn([1, 2, 3], null)]), 0, 2, target));
    }

    [Fact]
    public void Pool_DisposedTables_Refuses()
    {
        var tables = EmbeddingTables.ForFeatures([SmallCards.Feature("a", 10, 4)], TablePrecision.Fp32);
        tables.Dispose();
        Assert.Throws<ObjectDisposedException>(
            () => new PooledEmbeddings().Pool(tables, new FeatureBatch(1, [], [new SparseColumn([1], null)]), 0, 1, new float[4]));
    }

    public static TheoryData<string> Implementations() => [.. PooledEmbeddings.Implementations];

    private static int[] OneSize(int size) => [.. Enumerable.Repeat(size, Samples)];

    private static void CheckAgainstReference(string implementation, TablePrecision precision, Func<int, int[]> bagSizes)
    {
        using var tables = SmallTables(precision);
        var source = Batch(tables, bagSizes);
        foreach (var prefetchRows in new int?[] { 0, 1, null })
        {
            var kernel = new PooledEmbeddings(implementation, prefetchRows);
            CheckAgainstReference(kernel, tables, source, 0, Samples);
            CheckAgainstReference(kernel, tables, source, 5, 11);
            CheckAgainstReference(kernel, tables, source, Samples - 1, 1);
            CheckAgainstReference(kernel, tables, source, 3, 0);
        }
    }

    /// <summary>Sums fp32 rows as <see cref="EmbeddingTables.ReadRow"/> gives them, in order; equal to the last bit, because every width rounds alike.</summary>
    private static void CheckAgainstReference(PooledEmbeddings kernel, EmbeddingTables tables, FeatureBatch source, int start, int count)
    {
        const float untouched = 12345;
        var pooled = new float[(count * tables.Width) + 16];
        Array.Fill(pooled, untouched);
        kernel.Pool(tables, source, start, count, pooled);
        var at = 0;
        for (var sample = start; sample < start + count; sample++)
        {
            for (var table = 0; table < tables.Count; table++)
            {
                var (ids, offsets) = source.Columns[table];
                var bag = ids.Length / source.Samples;
                var first = offsets is null ? sample * bag : offsets[sample];
                var last = offsets is null ? first + bag : offsets[sample + 1];
                var sum = new float[tables.DimOf(table)];
                var row = new float[sum.Length];
                for (var i = first; i < last; i++)
                {
                    tables.ReadRow(table, ids[i], row);
                    for (var element = 0; element < sum.Length; element++)
                    {
                        sum[element] += row[element];
                    }
                }

                Assert.Equal(sum, pooled[at..(at + sum.Length)]);
                at += sum.Length;
            }
        }

        Assert.All(pooled[at..], value => Assert.Equal(untouched, value));
    }

    private static EmbeddingTables SmallTables(TablePrecision precision)
    {
        var tables = EmbeddingTables.ForFeatures([.. Dims.Select(dim => SmallCards.Feature($"d{dim}", 29, dim))], precision);
        tables.Fill(Noise, 1, null, CancellationToken.None);
        return tables;
    }

    private static void Noise(int table, long firstRow, Span<float> values)
    {
        var generator = SplitMix64.For(5, (ulong)table, (ulong)firstRow);
        foreach (ref var value in values)
        {
            value = (float)((generator.NextDouble() * 2) - 1);
        }
    }

    /// <summary>Ragged columns, or columns without offsets where all bags of a table have one size.</summary>
    private static FeatureBatch Batch(EmbeddingTables tables, Func<int, int[]> bagSizes)
    {
        var generator = new SplitMix64(3);
        var columns = new SparseColumn[tables.Count];
        for (var table = 0; table < columns.Length; table++)
        {
            var sizes = bagSizes(table);
            var offsets = new int[Samples + 1];
            for (var sample = 0; sample < Samples; sample++)
            {
                offsets[sample + 1] = offsets[sample] + sizes[sample];
            }

            columns[table] = new SparseColumn(
                Ids(ref generator, offsets[^1], tables.RowsOf(table)), sizes.All(size => size == sizes[0]) ? null : offsets);
        }

        return new FeatureBatch(Samples, [], columns);
    }

    private static int[] Ids(ref SplitMix64 generator, int count, long rows)
    {
        var ids = new int[count];
        foreach (ref var id in ids.AsSpan())
        {
            id = (int)generator.NextInt64(rows);
        }

        return ids;
    }
}
