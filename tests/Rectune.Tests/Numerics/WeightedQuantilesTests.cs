using Rectune.Core.Numerics;
using Xunit;

namespace Rectune.Tests.Numerics;

public sealed class WeightedQuantilesTests
{
    [Fact]
    public void Grid_EqualWeights_IsLinearBetweenTheMiddlesOfTheWeights()
    {
        // Middles at an eighth, three, five and seven eighths of the weight; the last cell, from three quarters up, holds 40 alone, and its mean is kept.
        Assert.Equal([10, 15, 25, 35, 45], WeightedQuantiles.Grid([(40, 1), (10, 1), (30, 1), (20, 1)], 5, 6));
    }

    [Fact]
    public void Grid_OneValueThreeTimesAsHeavy_HoldsThreeTimesAsMuchOfTheCourse()
    {
        // Middles at 1.5 and 3.5 of 4; the last cell holds one of 20 and one of 10, and their mean of 15 is kept.
        Assert.Equal([10, 12.5, 17.5], WeightedQuantiles.Grid([(10, 3), (20, 1)], 3, 6));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(400)]
    public void Grid_AnyWeights_NeverFallsAndKeepsTheMean(int count)
    {
        var random = new SplitMix64((ulong)count);
        List<(double Value, double Weight)> pool = [.. Enumerable.Range(0, count).Select(_ => (Math.Exp(random.NextNormal()), 0.1 + random.NextPositiveDouble()))];
        var mean = pool.Sum(run => run.Value * run.Weight) / pool.Sum(run => run.Weight);
        var grid = WeightedQuantiles.Grid(pool, 201, 9);
        Assert.Equal(grid.Order(), grid);

        // Read linearly between quantiles, as those who draw from it do.
        Assert.Equal(mean, grid.Zip(grid.Skip(1), (left, right) => 0.5 * (left + right)).Average(), 0.03 * mean);
    }

    [Fact]
    public void Grid_NoValues_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => WeightedQuantiles.Grid([], 3, 1));
}
