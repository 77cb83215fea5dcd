using Rectune.Core.Numerics;
using Xunit;

namespace Rectune.Tests.Numerics;

public sealed class PercentilesTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.2, 1)]
    [InlineData(0.21, 2)]
    [InlineData(0.5, 3)]
    [InlineData(0.8, 4)]
    [InlineData(1, 5)]
    public void NearestRank_FiveValues_IsElementCeilPn(double p, double expected) =>
        Assert.Equal(expected, Percentiles.NearestRank([1, 2, 3, 4, 5], p));

    [Fact]
    public void NearestRank_P99OfHundred_IsThe99th() =>
        Assert.Equal(99, Percentiles.NearestRank([.. Enumerable.Range(1, 100).Select(i => (double)i)], 0.99));

    [Theory]
    [InlineData(0, 10)]
    [InlineData(0.25, 20)]
    [InlineData(0.6, 34)]
    [InlineData(1, 50)]
    public void Interpolated_FiveValues_IsLinearBetweenNeighbours(double p, double expected) =>
        Assert.Equal(expected, Percentiles.Interpolated([10, 20, 30, 40, 50], p), 12);

    [Fact]
    public void Interpolated_InfiniteValues_GivesNoNan()
    {
        double[] sorted = [1, 2, double.PositiveInfinity, double.PositiveInfinity];

        Assert.Equal(2, Percentiles.Interpolated(sorted, 1.0 / 3));
        Assert.Equal(double.PositiveInfinity, Percentiles.Interpolated(sorted, 0.5));
        Assert.Equal(double.PositiveInfinity, Percentiles.Interpolated(sorted, 0.9));
    }

    [Theory]
    [InlineData(0.5, 2)]
    [InlineData(0.9, 10)]
    [InlineData(0.95, 20)]
    [InlineData(0.99, 100)]
    [InlineData(0.999, 1000)]
    public void MinimumSamples_IsOneOverTheTail(double p, int expected) => Assert.Equal(expected, Percentiles.MinimumSamples(p));

    [Fact]
    public void NearestRank_NoValues_Throws() => Assert.Throws<ArgumentException>(() => Percentiles.NearestRank([], 0.5));
}
