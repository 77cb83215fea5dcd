using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Representations;
using Rectune.Engine.Data;
using Rectune.Engine.Kernels;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Data;

public sealed class RandomRowsTests
{
    private static readonly SparseFeature[] Features =
        [SmallCards.Feature("a", 12_345, 16), SmallCards.Feature("b", 3, 5), SmallCards.Feature("c", 9_999, 17)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Fill_AnyThreads_MatchesTheWrittenFormula(int threads)
    {
        using var tables = Filled(TablePrecision.Fp32, threads);
        for (var table = 0; table < Features.Length; table++)
        {
            var dim = Features[table].Dim;
            var found = new float[dim];
            foreach (var row in new[] { 0L, 1, 2, Features[table].Rows / 2, Features[table].Rows - 1 }.Where(row => row < Features[table].Rows))
            {
                tables.ReadRow(table, row, found);
                Assert.Equal(Enumerable.Range(0, dim).Select(k => Expected(table, row, k)), found);
            }
        }
    }

    [Fact]
    public void Fill_AnyPrecision_IsTheSameDrawsRounded()
    {
        using var fp32 = Filled(TablePrecision.Fp32, 2);
        using var fp16 = Filled(TablePrecision.Fp16, 2);
        using var int8 = Filled(TablePrecision.Int8, 2);
        float[] exact = new float[16], half = new float[16], code = new float[16];
        for (var row = 0; row < 12_345; row += 5)
        {
            fp32.ReadRow(0, row, exact);
            fp16.ReadRow(0, row, half);
            int8.ReadRow(0, row, code);
            var step = (exact.Max() - exact.Min()) / 255;
            for (var k = 0; k < 16; k++)
            {
                Assert.Equal((float)(Half)exact[k], half[k]);
                Assert.InRange(Math.Abs(exact[k] - code[k]), 0, step * 0.50001f);
            }
        }
    }

    [Fact]
    public void Fill_ManyRows_IsUniformWithinTheLimit()
    {
        using var tables = Filled(TablePrecision.Fp32, 2);
        var limit = Math.Sqrt(1.0 / 12_345);
        var row = new float[16];
        var bins = new int[20];
        double sum = 0;
        for (var i = 0; i < 12_345; i++)
        {
            tables.ReadRow(0, i, row);
            foreach (var value in row)
            {
                Assert.InRange(value, -limit, limit);
                sum += value;
                bins[Math.Min(19, (int)((value + limit) / (2 * limit) * 20))]++;
            }
        }

        // 197,520 draws: 9,876 a bin with a deviation of 97, and a mean whose deviation is limit / √(3 · 197,520).
        Assert.All(bins, count => Assert.InRange(count, 9_876 - 450, 9_876 + 450));
        Assert.InRange(Math.Abs(sum / 197_520), 0, 4 * limit / Math.Sqrt(3 * 197_520));
    }

    [Fact]
    public void Fill_OtherSeedTableOrRow_DrawsOtherValues()
    {
        using var first = Filled(TablePrecision.Fp32, 1);
        using var second = Filled(TablePrecision.Fp32, 1, seed: 43);
        float[] left = new float[16], right = new float[16];
        first.ReadRow(0, 0, left);
        second.ReadRow(0, 0, right);
        Assert.NotEqual(left, right);
        first.ReadRow(0, 1, right);
        Assert.NotEqual(left, right);
    }

    [Fact]
    public void Fill_Cancelled_Throws()
    {
        using var tables = EmbeddingTables.ForFeatures(Features, TablePrecision.Fp32);
        Assert.ThrowsAny<OperationCanceledException>(() => tables.Fill(Filler(1), 2, null, new CancellationToken(canceled: true)));
    }

    private static EmbeddingTables Filled(TablePrecision precision, int threads, ulong seed = 42)
    {
        var tables = EmbeddingTables.ForFeatures(Features, precision);
        tables.Fill(Filler(seed), threads, null, CancellationToken.None);
        return tables;
    }

    private static RowFiller Filler(ulong seed)
    {
        var values = new RandomRows(seed);
        return (table, firstRow, rows) => values.Read(Rows(table), firstRow, rows);
    }

    private static StoredRows Rows(int table) => new(Features[table].Name, Features[table].Rows, Features[table].Dim, Math.Sqrt(1.0 / Features[table].Rows));

    /// <summary>The documented formula one element at a time, in double precision up to the last rounding.</summary>
    private static float Expected(int table, long row, int element)
    {
        var key = SplitMix64.For(42, 0x77656967687473, StableHash.Of(Features[table].Name)).NextUInt64();
        var stream = new SplitMix64(SplitMix64.Mix(key + (ulong)row));
        ulong draw = 0;
        for (var i = 0; i <= element / 2; i++)
        {
            draw = stream.NextUInt64();
        }

        var bits = element % 2 == 0 ? draw >> 40 : (draw << 24) >> 40;
        var limit = (float)Math.Sqrt(1.0 / Features[table].Rows);
        return (float)(((bits / 8388608.0) - 1) * limit);
    }
}
