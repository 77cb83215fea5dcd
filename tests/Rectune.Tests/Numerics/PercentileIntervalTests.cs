using Rectune.Core.Numerics;
using Xunit;

namespace Rectune.Tests.Numerics;

public sealed class PercentileIntervalTests
{
    // Printed tables of order-statistic intervals of the median at 95 %: n = 6 is the first with one, n = 10 has ranks 2 and 9, n = 20 has 6 and 15.
    [Theory]
    [InlineData(6, 1, 6)]
    [InlineData(10, 2, 9)]
    [InlineData(20, 6, 15)]
    [InlineData(50, 18, 33)]
    public void Ranks_OfTheMedian_AreThoseOfTables(int count, int low, int high) => Assert.Equal((low, high), PercentileInterval.Ranks(count, 0.5, 0.95));

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Ranks_TooFewForTheMedian_AreNone(int count) => Assert.Null(PercentileInterval.Ranks(count, 0.5, 0.95));

    // All of n values lie below the 99th percentile with probability 0.99^n: at most 2.5 % from n = ln 0.025 / ln 0.99 = 367.04 on.
    [Theory]
    [InlineData(367, false)]
    [InlineData(368, true)]
    public void Ranks_OfThe99thPercentile_TakeEnoughValues(int count, bool expected) => Assert.Equal(expected, PercentileInterval.Ranks(count, 0.99, 0.95) is not null);

    [Fact]
    public void Ranks_AnyCountAndPercentile_MissAsSeldomAsPromisedAndNoNarrowerOnesDo()
    {
        foreach (var count in new[] { 40, 41, 400, 1_000 })
        {
            foreach (var p in new[] { 0.1, 0.5, 0.9 })
            {
                var (low, high) = PercentileInterval.Ranks(count, p, 0.9)!.Value;
                Assert.InRange(Below(low - 1), 0, 0.05);
                Assert.InRange(Below(low), 0.05, 1);
                Assert.InRange(Below(high - 1), 0.95, 1);
                Assert.InRange(Below(high - 2), 0, 0.95);

                // The sum of the terms, from the logarithms of factorials.
                double Below(int k) => Enumerable.Range(0, k + 1).Sum(i => Math.Exp(Choose(count, i) + (i * Math.Log(p)) + ((count - i) * Math.Log(1 - p))));
            }
        }

        static double Choose(int n, int k) => Enumerable.Range(1, k).Sum(i => Math.Log(n - k + i) - Math.Log(i));
    }

    [Fact]
    public void Of_TenValues_TakesSecondAndNinth() =>
        Assert.Equal(new Interval(5.5, 2, 9), PercentileInterval.Of([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.5, 0.95));

    [Fact]
    public void Of_TooFewValues_IsNull() => Assert.Null(PercentileInterval.Of([1, 2, 3, 4, 5], 0.5, 0.95));

    [Fact]
    public void RelativeError_IsTheLargerHalfOverThePercentileAndOneAtMost()
    {
        Assert.Equal(1, PercentileInterval.RelativeError([1, 2, 3, 4, 5, 6, 7, 8, 20, 40], 0.5, 0.95));
        Assert.Equal(3.5 / 5.5, PercentileInterval.RelativeError([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.5, 0.95), 1e-12);
        Assert.Equal(1, PercentileInterval.RelativeError([1, 2, 3], 0.5, 0.95));
    }

    [Theory]
    [InlineData(0.5, 25)]
    [InlineData(0.9, 100)]
    public void Of_SkewedDraws_CoversThePercentileAsOftenAsPromised(double p, int count)
    {
        var covered = 0;
        var random = new SplitMix64(11);
        var values = new double[count];
        var truth = -Math.Log(1 - p);
        for (var trial = 0; trial < 2_000; trial++)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = random.NextExponential();
            }

            Array.Sort(values);
            var interval = PercentileInterval.Of(values, p, 0.95)!.Value;
            covered += interval.Low <= truth && truth <= interval.High ? 1 : 0;
        }

        // Exact coverage is 95.7 % of the median at n = 25 and 95.6 % of the 90th percentile at n = 100; four standard errors of 2000 trials are 1.8 points.
        Assert.InRange(covered / 2_000.0, 0.939, 0.975);
    }
}
