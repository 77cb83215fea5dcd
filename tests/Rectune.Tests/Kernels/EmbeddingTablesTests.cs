using FsCheck;
using FsCheck.Fluent;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Engine.Kernels;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Kernels;

public sealed class EmbeddingTablesTests
{
    [Theory]
    [InlineData(TablePrecision.Fp32, 128)]
    [InlineData(TablePrecision.Fp16, 128)]
    [InlineData(TablePrecision.Int8, 128)]
    [InlineData(TablePrecision.Int4, 128)]
    public void BytesFor_TwoSmallTables_RoundsEachUpToACacheLine(TablePrecision precision, long expected)
    {
        // 3 rows of 4: 48, 24, 36 and 18 bytes. 2 rows of 5: 40, 20, 26 and 14 bytes. Each takes one line of 64.
        SparseFeature[] features = [SmallCards.Feature("a", 3, 4), SmallCards.Feature("b", 2, 5)];
        Assert.Equal(expected, EmbeddingTables.BytesFor(TableSlot.ForFeatures(features), precision));
        using var tables = EmbeddingTables.ForFeatures(features, precision);
        Assert.Equal(expected, tables.Bytes);
        Assert.Equal(9, tables.Width);
        Assert.Equal(2, tables.Count);
    }

    [Theory]
    [InlineData(TablePrecision.Int8, 64)]
    [InlineData(TablePrecision.Int8, 128)]
    [InlineData(TablePrecision.Int8, 256)]
    [InlineData(TablePrecision.Int4, 128)]
    [InlineData(TablePrecision.Int4, 256)]
    public void RowBytes_CodesOfWholeLines_LieOnNoMoreLinesThanTheyNeed(TablePrecision precision, int dim)
    {
        // Tables start on a line, and 64 rows bring every start within a line that there is.
        var rowBytes = precision.RowBytes(dim);
        Assert.All(Enumerable.Range(0, 64).Select(row => row * rowBytes), first =>
            Assert.Equal((rowBytes + 63) / 64, ((first + rowBytes - 1) / 64) - (first / 64) + 1));
    }

    [Fact]
    public void BytesFor_KaggleRows_IsAboutTwoGibibytesInFp32()
    {
        SparseFeature[] features = [SmallCards.Feature("all", 33_762_577, 16)];
        Assert.Equal(33_762_577L * 64, EmbeddingTables.BytesFor(TableSlot.ForFeatures(features), TablePrecision.Fp32));
        Assert.InRange(EmbeddingTables.BytesFor(TableSlot.ForFeatures(features), TablePrecision.Int8), 33_762_577L * 24, (33_762_577L * 24) + 63);
    }

    [Fact]
    public void ReadRow_Fp32_IsWhatWasSet()
    {
        using var tables = Tables(TablePrecision.Fp32, 5);
        float[] values = [1.5f, -0f, float.Epsilon, -3e38f, 0.1f];
        tables.SetRow(0, 7, values);
        Assert.Equal(values, Read(tables, 7));
    }

    [Fact]
    public void ReadRow_Fp16_IsTheNearestHalf()
    {
        using var tables = Tables(TablePrecision.Fp16, 6);
        float[] values = [1.0001f, -0.33333f, 1e-7f, 6e-5f, 65504f, -2.5e-4f];
        tables.SetRow(0, 7, values);
        Assert.Equal(values.Select(value => (float)(Half)value), Read(tables, 7));
    }

    [Fact]
    public void ReadRow_Int8HandComputed_IsScaleTimesCodePlusBias()
    {
        // Range 0 to 255: scale 1, bias 0; 100.4 becomes 100, 100.6 becomes 101.
        using var tables = Tables(TablePrecision.Int8, 4);
        tables.SetRow(0, 0, [0f, 255f, 100.4f, 100.6f]);
        Assert.Equal([0f, 255f, 100f, 101f], Read(tables, 0));
    }

    [Fact]
    public void ReadRow_Int8ConstantRow_IsExact()
    {
        using var tables = Tables(TablePrecision.Int8, 19);
        var values = Enumerable.Repeat(-0.123f, 19).ToArray();
        tables.SetRow(0, 3, values);
        Assert.Equal(values, Read(tables, 3));
    }

    [Fact]
    public void ReadRow_Int8AnyRow_ErrorIsAtMostHalfAStep()
    {
        var rows = Gen.Choose(-1_000_000, 1_000_000).Select(value => value / 1e5f).NonEmptyListOf().Select(list => list.ToArray()).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithReplay(42UL, 1UL).WithMaxTest(300), Prop.ForAll(rows, values =>
        {
            using var tables = Tables(TablePrecision.Int8, values.Length);
            tables.SetRow(0, 9, values);
            var step = (values.Max() - values.Min()) / 255;
            // Four roundings (difference, quotient, product, sum) of values up to the row's largest magnitude.
            var rounding = 4 * Math.BitIncrement(values.Max(Math.Abs)) * MathF.Pow(2, -23);
            return Read(tables, 9).Zip(values).All(pair => Math.Abs(pair.First - pair.Second) <= (step / 2) + rounding);
        }));
    }

    [Theory]
    [InlineData(TablePrecision.Fp32)]
    [InlineData(TablePrecision.Fp16)]
    [InlineData(TablePrecision.Int8)]
    [InlineData(TablePrecision.Int4)]
    public void Fill_AnyThreads_WritesEveryRowOnceLikeSetRow(TablePrecision precision)
    {
        SparseFeature[] features = [SmallCards.Feature("a", 1, 3), SmallCards.Feature("b", 20_001, 16), SmallCards.Feature("c", 9_000, 17)];
        using var expected = EmbeddingTables.ForFeatures(features, precision);
        for (var table = 0; table < features.Length; table++)
        {
            var values = new float[features[table].Dim];
            for (var row = 0L; row < features[table].Rows; row++)
            {
                for (var element = 0; element < values.Length; element++)
                {
                    values[element] = Value(table, row, element);
                }

                expected.SetRow(table, row, values);
            }
        }

        foreach (var threads in new[] { 1, 2, 5 })
        {
            using var filled = EmbeddingTables.ForFeatures(features, precision);
            long rows = 0;
            filled.Fill((table, firstRow, values) =>
            {
                var dim = features[table].Dim;
                Interlocked.Add(ref rows, values.Length / dim);
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = Value(table, firstRow + (i / dim), i % dim);
                }
            }, threads, null, CancellationToken.None);
            Assert.Equal(29_002, rows);
            AssertSameRows(features, expected, filled);
        }
    }

    [Fact]
    public void Fill_WithProgress_RisesToOne()
    {
        using var tables = EmbeddingTables.ForFeatures([SmallCards.Feature("a", 200_000, 16)], TablePrecision.Int8);
        var reported = new RecordedProgress();
        tables.Fill((_, _, values) => values.Clear(), 2, reported, CancellationToken.None);
        Assert.Equal(reported.Values.Order(), reported.Values);
        Assert.Equal(1, reported.Values[^1]);
        Assert.True(reported.Values.Count > 10);
    }

    [Fact]
    public void Fill_Cancelled_Throws()
    {
        using var tables = EmbeddingTables.ForFeatures([SmallCards.Feature("a", 200_000, 16)], TablePrecision.Fp16);
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => tables.Fill((_, _, _) => cancellation.Cancel(), 2, null, cancellation.Token));
    }

    [Fact]
    public void Fill_FillerThrowsOnAnyThread_SurfacesOnTheCaller()
    {
        using var tables = EmbeddingTables.ForFeatures([SmallCards.Feature("a", 200_000, 16)], TablePrecision.Fp16);
        Assert.Throws<FormatException>(() => tables.Fill((_, firstRow, _) =>
        {
            if (firstRow > 0)
            {
                throw new FormatException("no such weight");
            }
        }, 2, null, CancellationToken.None));
    }

    [Fact]
    public void Constructor_MoreThanTheMachineHas_SaysHowMuchIsNeeded()
    {
        SparseFeature[] features = [.. Enumerable.Range(0, 40).Select(i => SmallCards.Feature($"t{i}", int.MaxValue, 4096))];
        var missing = Assert.Throws<MissingResourceException>(() => EmbeddingTables.ForFeatures(features, TablePrecision.Fp32));
        Assert.Contains(EmbeddingTables.BytesFor(TableSlot.ForFeatures(features), TablePrecision.Fp32).ToString(), missing.Message);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData((long)int.MaxValue + 1, 4)]
    [InlineData(10, 0)]
    public void Constructor_ImpossibleShape_NamesTheFeature(long rows, int dim)
    {
        var refused = Assert.Throws<InvalidInputException>(() => EmbeddingTables.ForFeatures([SmallCards.Feature("city", rows, dim)], TablePrecision.Fp32));
        Assert.Equal("city", refused.Problems[0].Where);
    }

    [Fact]
    public void SetRow_OutsideTheTable_Refuses()
    {
        using var tables = Tables(TablePrecision.Fp32, 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => tables.SetRow(0, 10, new float[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => tables.SetRow(0, -1, new float[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => tables.SetRow(0, 0, new float[5]));
    }

    private static EmbeddingTables Tables(TablePrecision precision, int dim) => EmbeddingTables.ForFeatures([SmallCards.Feature("a", 10, dim)], precision);

    private static float[] Read(EmbeddingTables tables, long row)
    {
        var values = new float[tables.DimOf(0)];
        tables.ReadRow(0, row, values);
        return values;
    }

    private static float Value(int table, long row, int element) =>
        ((SplitMix64.Mix((ulong)((row * 1000) + (table * 100) + element)) >> 40) / 16777216f) - 0.5f;

    private static void AssertSameRows(SparseFeature[] features, EmbeddingTables expected, EmbeddingTables actual)
    {
        for (var table = 0; table < features.Length; table++)
        {
            var left = new float[features[table].Dim];
            var right = new float[features[table].Dim];
            for (var row = 0L; row < features[table].Rows; row++)
            {
                expected.ReadRow(table, row, left);
                actual.ReadRow(table, row, right);
                Assert.True(left.AsSpan().SequenceEqual(right), $"table {table}, row {row}");
            }
        }
    }

    private sealed class RecordedProgress : IProgress<double>
    {
        public List<double> Values { get; } = [];

        public void Report(double value) => Values.Add(value);
    }
}
