using Rectune.Core.Numerics;
using Xunit;

namespace Rectune.Tests.Numerics;

public sealed class MedianIntervalTests
{
    // Printed tables of order-statistic intervals at 95 %: n = 6 is the first with one, n = 10 has ranks 2 and 9, n = 20 has 6 and 15.
    [Theory]
    [InlineData(5, 0)]
    [InlineData(6, 1)]
    [InlineData(10, 2)]
    [InlineData(20, 6)]
    [InlineData(50, 18)]
    public void Rank_TableValues_Match(int count, int expected) => Assert.Equal(expected, MedianInterval.Rank(count, 0.95));

    [Fact]
    public void Of_TenValues_TakesSecondAndNinth() =>
        Assert.Equal(new Interval(5.5, 2, 9), MedianInterval.Of([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.95));

    [Fact]
    public void Of_TooFewValues_IsNull() => Assert.Null(MedianInterval.Of([1, 2, 3, 4, 5], 0.95));

    [Fact]
    public void Of_SkewedDraws_CoversTheMedianAsOftenAsPromised()
    {
        var covered = 0;
        var random = new SplitMix64(11);
        var values = new double[25];
        for (var trial = 0; trial < 2_000; trial++)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = random.NextExponential();
            }

            Array.Sort(values);
            var interval = MedianInterval.Of(values, 0.95)!.Value;
            covered += interval.Low <= Math.Log(2) && Math.Log(2) <= interval.High ? 1 : 0;
        }

        // Exact coverage at n = 25 is 95.7 %; four standard errors of 2000 trials are 1.8 points.
        Assert.InRange(covered / 2_000.0, 0.939, 0.975);
    }
}
