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

    /// <summary>Pairs of lags 1 and 2 summed over the whole series, as the definition says, on a series short enough to do so.</summary>
    [Fact]
    public void Of_ShortSeries_IsTheSumOfItsAutocorrelations()
    {
        double[] values = [0, 9, 9, 9, 0, 0, 0, 0, 0, 0, 0, 0, 9, 9, 0, 0];
        var mean = 5.0 / 16;
        double Covariance(int lag) => Enumerable.Range(0, 16 - lag).Sum(i => ((values[i] / 9) - mean) * ((values[i + lag] / 9) - mean)) / 16;
        var first = (Covariance(1) + Covariance(2)) / Covariance(0);
        var second = (Covariance(3) + Covariance(4)) / Covariance(0);
        Assert.True(first > 0 && second < 0);
        var uncertainty = Math.Sqrt(2 * 5 / 16.0);
        Assert.Equal((1 + (2 * first)) * (1 + (0.6745 * uncertainty)), DesignEffect.Of(values, 1), 12);
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
