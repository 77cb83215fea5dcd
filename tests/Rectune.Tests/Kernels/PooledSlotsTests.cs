using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Engine.Kernels;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Kernels;

public sealed class PooledSlotsTests
{
    public static TheoryData<string, TablePrecision> Cases() => PooledEmbeddingsTests.Cases();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pool_EveryKindOfSlot_EqualsTheLookUpRowByRow(string implementation, TablePrecision precision)
    {
        using var tables = SlotReference.Tables(precision);
        var source = SlotReference.Batch(37);
        foreach (var prefetchRows in new int?[] { 0, 1, null })
        {
            var kernel = new PooledEmbeddings(implementation, prefetchRows);
            foreach (var (start, count) in new[] { (0, 37), (5, 11), (36, 1), (3, 0) })
            {
                Check(kernel, tables, source, start, count);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pool_LargeTables_EqualsTheLookUpRowByRow(string implementation, TablePrecision precision)
    {
        // Large enough that rows are prefetched: sequences that drop ids and that lack steps, and rows of several cache lines.
        const int samples = 500, ids = 90_000;
        TableSlot[] slots =
        [
            new() { Feature = 0, Rows = ids, Dim = 16, Steps = 4, Target = 0 },
            new() { Feature = 1, Rows = 30_000, Dim = 33, Divisor = 3, Target = 64 },
            new() { Feature = 0, Rows = 20_000, Dim = 100, Modulus = 20_000, Target = 97 },
            new() { Feature = 1, Rows = 30_000, Dim = 33, Steps = 7, Modulus = 30_000, SharedWith = 1, Target = 200 },
        ];
        using var tables = new EmbeddingTables(slots, 431, precision);
        tables.Fill(SlotReference.Noise, 2, null, CancellationToken.None);
        var generator = new SplitMix64(11);
        var offsets = new int[samples + 1];
        for (var sample = 0; sample < samples; sample++)
        {
            offsets[sample + 1] = offsets[sample] + (sample * 7 % 11);
        }

        var ragged = Enumerable.Range(0, offsets[^1]).Select(_ => (int)generator.NextInt64(ids)).ToArray();
        var fixedBags = Enumerable.Range(0, samples * 6).Select(_ => (int)generator.NextInt64(ids)).ToArray();
        var source = new FeatureBatch(samples, [], [new SparseColumn(ragged, offsets), new SparseColumn(fixedBags, null)]);
        foreach (var prefetchRows in new int?[] { 0, 3, 64, null })
        {
            Check(new PooledEmbeddings(implementation, prefetchRows), tables, source, 10, 480);
            Check(new PooledEmbeddings(implementation, prefetchRows), tables, source, 499, 1);
        }
    }

    [Fact]
    public void Pool_SequenceHandComputed_KeepsTheFirstStepsAndZerosTheRest()
    {
        TableSlot[] slots = [new() { Feature = 0, Rows = 4, Dim = 2, Steps = 3, Target = 1 }];
        using var tables = new EmbeddingTables(slots, 8, TablePrecision.Fp32);
        for (var row = 0; row < 4; row++)
        {
            tables.SetRow(0, row, [row + 1, (row + 1) * 10]);
        }

        var output = Enumerable.Repeat(-1f, 16).ToArray();
        new PooledEmbeddings().Pool(tables, new FeatureBatch(2, [], [new SparseColumn([3, 1, 2, 0, 2], [0, 4, 5])]), 0, 2, output);
        Assert.Equal([-1, 4, 40, 2, 20, 3, 30, -1, -1, 3, 30, 0, 0, 0, 0, -1], output);
    }

    [Fact]
    public void Pool_QuotientAndRemainderHandComputed_ReadBothRowsOfAnId()
    {
        TableSlot[] slots =
        [
            new() { Feature = 0, Rows = 3, Dim = 1, Divisor = 4, Target = 0 },
            new() { Feature = 0, Rows = 4, Dim = 1, Modulus = 4, Target = 1 },
            new() { Feature = 0, Rows = 2, Dim = 1, Divisor = 4, Modulus = 2, Target = 2 },
        ];
        using var tables = new EmbeddingTables(slots, 3, TablePrecision.Fp32);
        tables.Fill((table, firstRow, values) =>
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (table * 100) + firstRow + i;
            }
        }, 1, null, CancellationToken.None);
        var output = new float[6];
        new PooledEmbeddings().Pool(tables, new FeatureBatch(2, [], [new SparseColumn([11, 6], null)]), 0, 2, output);
        // 11 = 2 · 4 + 3, 6 = 1 · 4 + 2; quotients 2 and 1 modulo 2 are 0 and 1.
        Assert.Equal([2, 103, 200, 1, 102, 201], output);
    }

    [Fact]
    public void Pool_ColumnThatNoBatchHas_Refuses()
    {
        using var tables = new EmbeddingTables([new TableSlot { Feature = 1, Rows = 4, Dim = 2, Target = 0 }], 2, TablePrecision.Fp32);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new PooledEmbeddings().Pool(tables, new FeatureBatch(1, [], [new SparseColumn([1], null)]), 0, 1, new float[2]));
    }

    [Fact]
    public void Pool_EveryKindOfSlot_AllocatesNothing()
    {
        using var tables = SlotReference.Tables(TablePrecision.Fp16);
        var source = SlotReference.Batch(20);
        var kernel = new PooledEmbeddings();
        var output = new float[20 * tables.Width];
        Assert.Equal(0, Allocation.Of(() => kernel.Pool(tables, source, 0, 20, output)));
    }

    private static void Check(PooledEmbeddings kernel, EmbeddingTables tables, FeatureBatch source, int start, int count)
    {
        var output = new float[(count * tables.Width) + 16];
        Array.Fill(output, SlotReference.Untouched);
        kernel.Pool(tables, source, start, count, output);
        Assert.Equal(SlotReference.LookUp(tables, source, start, count), output[..^16]);
        Assert.All(output[^16..], value => Assert.Equal(SlotReference.Untouched, value));
    }
}
