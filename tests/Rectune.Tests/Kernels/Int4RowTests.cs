using FsCheck;
using FsCheck.Fluent;
using Rectune.Core.Domain;
using Rectune.Engine.Kernels;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Kernels;

public sealed class Int4RowTests
{
    [Fact]
    public void ReadRow_HandComputed_IsScaleTimesCodePlusBias()
    {
        // Range 1 to 31: scale 2, bias 1; 4.9 lies 1.95 steps up, 18.1 lies 8.55 up.
        Assert.Equal([1f, 31f, 5f, 19f, 1f], Stored([1f, 31f, 4.9f, 18.1f, 1.9f]));
    }

    [Fact]
    public void ReadRow_ConstantThatFp16Holds_IsExact() => Assert.Equal(Enumerable.Repeat(-0.125f, 19), Stored([.. Enumerable.Repeat(-0.125f, 19)]));

    [Fact]
    public void ReadRow_BeyondFp16_EndsAtItsLargest()
    {
        // Fifteen steps of 8736, the first fp16 above 131008 / 15 = 8733.9.
        Assert.Equal([-65504f, -65504f + (15 * 8736)], Stored([-1e9f, 1e9f]));
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(1e-3f)]
    [InlineData(1e-7f)]
    [InlineData(1e-20f)]
    [InlineData(6e4f)]
    public void ReadRow_AnyRow_ErrorIsAtMostHalfAStep(float magnitude)
    {
        var rows = Gen.Choose(-1_000_000, 1_000_000).Select(value => value / 1e6f * magnitude).NonEmptyListOf().Select(list => list.ToArray()).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithReplay(42UL, 1UL).WithMaxTest(300), Prop.ForAll(rows, values => Holds(values)));
    }

    [Theory]
    [InlineData(-0.123f)]
    [InlineData(1.0001f)]
    [InlineData(3e-8f)]
    [InlineData(-5e-8f)]
    [InlineData(1e-40f)]
    [InlineData(0f)]
    [InlineData(-65504f)]
    [InlineData(65504f)]
    public void ReadRow_ConstantRow_ErrorIsAtMostHalfAStep(float value)
    {
        foreach (var dim in new[] { 1, 2, 7, 8, 9, 33 })
        {
            Assert.True(Holds([.. Enumerable.Repeat(value, dim)]));
        }
    }

    [Fact]
    public void ReadRow_WideRangeOnATinyOffset_ErrorIsAtMostHalfAStep() => Assert.True(Holds([-1e-9f, 60000f, 1e-9f, 30000f, -3e-8f]));

    /// <summary>
    /// Rounding the bias down widens the range by less than one fp16 step at the smallest value, and rounding the scale up adds at most two more at the scale.
    /// </summary>
    private static bool Holds(float[] values)
    {
        float low = values.Min(), high = values.Max();
        var ideal = (high - low + Spacing(low)) / 15;
        var scale = ideal + (2 * Spacing(ideal));
        // Four roundings (difference, quotient, product, sum) of values up to the row's largest magnitude.
        var rounding = 4 * Math.BitIncrement(Math.Max(Math.Abs(low), Math.Abs(high))) * MathF.Pow(2, -23);
        return Stored(values).Zip(values).All(pair => Math.Abs(pair.First - pair.Second) <= (scale / 2) + rounding);
    }

    /// <summary>Distance of neighbouring fp16 numbers at a magnitude: 2^(e − 10), and 2^−24 below the normal ones.</summary>
    private static float Spacing(float value) =>
        MathF.Pow(2, Math.Max(Math.Abs(value) > 0 ? MathF.Floor(MathF.Log2(Math.Abs(value))) : -14, -14) - 10);

    private static float[] Stored(float[] values)
    {
        using var tables = EmbeddingTables.ForFeatures([SmallCards.Feature("a", 3, values.Length)], TablePrecision.Int4);
        var read = new float[values.Length];
        // The middle row: neither neighbour may be touched.
        tables.SetRow(0, 0, values);
        tables.SetRow(0, 2, values);
        tables.SetRow(0, 1, values);
        tables.ReadRow(0, 0, read);
        var middle = new float[values.Length];
        tables.ReadRow(0, 1, middle);
        Assert.Equal(read, middle);
        tables.ReadRow(0, 2, read);
        Assert.Equal(read, middle);
        return middle;
    }
}
