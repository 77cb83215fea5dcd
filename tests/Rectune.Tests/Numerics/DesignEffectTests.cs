using Rectune.Core.Numerics;
using Xunit;

namespace Rectune.Tests.Numerics;

public sealed class DesignEffectTests
{
    [Fact]
    public void Of_NoneOrAllAbove_IsOne()
    {
        Assert.Equal(1, DesignEffect.Of([1, 2, 3, 4], 5));
        Assert.Equal(1, DesignEffect.Of([1, 2, 3, 4], 0));
        Assert.Equal(1, DesignEffect.Of([], 0));
    }

    /// <summary>Pairs of lags 0 and 1, 2 and 3 … summed over the whole series, as the definition says, until one is not positive; no pair counts more than those before.</summary>
    [Fact]
    public void Of_ShortSeries_IsTheSumOfItsAutocorrelations()
    {
        double[] values = [0, 9, 9, 9, 9, 0, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 0, 0, 0, 0, 0, 0, 0];
        var mean = 8.0 / 24;
        double Covariance(int lag) => Enumerable.Range(0, 24 - lag).Sum(i => ((values[i] / 9) - mean) * ((values[i + lag] / 9) - mean)) / 24;
        double Pair(int lag) => (Covariance(lag) + Covariance(lag + 1)) / Covariance(0);
        Assert.True(Pair(0) > Pair(2) && Pair(2) > 0 && Pair(4) < 0);
        var uncertainty = Math.Sqrt(2 * 9 / 24.0);
        Assert.Equal(((2 * (Pair(0) + Pair(2))) - 1) * (1 + (0.6745 * uncertainty)), DesignEffect.Of(values, 1), 12);
    }

    /// <summary>A fast server's bursts hold many queries: 600 alike here, of 600,000.</summary>
    [Fact]
    public void Of_LongSeriesInLongBursts_IsAboutTheirLength()
    {
        var random = new SplitMix64(11);
        var values = new double[600_000];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = i % 600 == 0 ? random.NextExponential() : values[i - 1];
        }

        Assert.InRange(DesignEffect.Of(values, -Math.Log(0.1)), 400, 900);
    }

    [Fact]
    public void Of_HitsAtEqualDistances_IsOne() => Assert.Equal(1, DesignEffect.Of([.. Enumerable.Range(0, 200_000).Select(i => i % 10 == 0 ? 1.0 : 0)], 0.5));

    [Fact]
    public void Of_Trend_IsWorthAFewValues()
    {
        double[] rising = [.. Enumerable.Range(0, 200_000).Select(i => (double)i)];
        Assert.InRange(rising.Length / DesignEffect.Of(rising, 100_000), 1, 4);
    }

    /// <summary>Alike over 60,000 values, of 800,000: a machine that changes its pace every few seconds under a fast server.</summary>
    [Fact]
    public void Of_PhasesLongerThanTheLagsOfShortBlocks_IsAboutTheirLength()
    {
        var random = new SplitMix64(13);
        var values = new double[800_000];
        var phase = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            phase = i % 60_000 == 0 ? random.NextDouble() : phase;
            values[i] = random.NextDouble() < 0.2 * phase ? 1 : 0;
        }

        // Independent values within a phase: the share's variance is that of the phases' shares, 0.2²/12, over that of single values, about 0.1·0.9.
        var expected = 60_000 * (0.04 / 12) / 0.09;
        Assert.InRange(DesignEffect.Of(values, 0.5), 0.4 * expected, 3 * expected);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(20)]
    public void Of_BurstsOfOneLength_IsAboutThatLength(int length)
    {
        var effects = Enumerable.Range(0, 40).Select(seed =>
        {
            var random = SplitMix64.For((ulong)seed, 3);
            var values = new double[8_000];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = i % length == 0 ? random.NextExponential() : values[i - 1];
            }

            return DesignEffect.Of(values, -Math.Log(0.1));
        }).ToArray();

        // Upper 75 % bounds, and noise only ever adds to the shortest correlation: somewhat above on average, hardly ever far below.
        Assert.InRange(effects.Average(), length, 1.3 * length);
        Assert.InRange(effects.Min(), 0.8 * length, 2 * length);
    }
}
