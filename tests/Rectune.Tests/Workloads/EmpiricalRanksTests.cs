using MathNet.Numerics.Distributions;
using Rectune.Core.Numerics;
using Rectune.Core.Workloads;
using Xunit;

namespace Rectune.Tests.Workloads;

public sealed class EmpiricalRanksTests
{
    [Fact]
    public void Next_ManyDraws_PassChiSquareAgainstTheCounts()
    {
        // In no order and with ids that were not used: ranks are 50, 30, 15, 4, 1 of 100.
        var ranks = new EmpiricalRanks([4, 0, 50, 1, 30, 0, 15]);
        Assert.Equal(5, ranks.Distinct);
        double[] expected = [50, 30, 15, 4, 1];
        var drawn = new int[5];
        var generator = new SplitMix64(5);
        for (var i = 0; i < 200_000; i++)
        {
            drawn[ranks.Next(ref generator) - 1]++;
        }

        var statistic = drawn.Zip(expected, (found, percent) => Math.Pow(found - (2000 * percent), 2) / (2000 * percent)).Sum();
        Assert.True(1 - ChiSquared.CDF(4, statistic) > 0.001, $"chi-square {statistic}");
    }

    [Fact]
    public void Next_EveryIdOnce_ReachesTheFirstAndTheLastRank()
    {
        var ranks = new EmpiricalRanks([1, 1, 1]);
        var generator = new SplitMix64(1);
        var seen = new HashSet<int>();
        for (var i = 0; i < 1000; i++)
        {
            seen.Add(ranks.Next(ref generator));
        }

        Assert.Equal([1, 2, 3], seen.Order());
    }

    [Fact]
    public void Next_OneId_IsAlwaysItsRank()
    {
        var ranks = new EmpiricalRanks([int.MaxValue]);
        var generator = new SplitMix64(1);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(1, ranks.Next(ref generator));
        }
    }

    [Fact]
    public void Constructor_NothingUsed_Refuses() => Assert.Throws<ArgumentException>(() => new EmpiricalRanks([0, 0]));
}
