using Rectune.Core.Numerics;
using Xunit;

namespace Rectune.Tests.Numerics;

public sealed class StudentTTests
{
    // Any printed table of t.
    [Theory]
    [InlineData(0.975, 1, 12.706)]
    [InlineData(0.975, 9, 2.262)]
    [InlineData(0.95, 20, 1.725)]
    [InlineData(0.995, 30, 2.750)]
    [InlineData(0.025, 9, -2.262)]
    public void Quantile_TableValues_Match(double p, double degrees, double expected) =>
        Assert.Equal(expected, StudentT.Quantile(p, degrees), 3);

    [Fact]
    public void MeanInterval_FourValues_MatchesHandCalculation()
    {
        // Mean 5, variance 20/3, standard error √(5/3), t(0.975; 3) = 3.1824.
        var interval = StudentT.MeanInterval([2, 4, 6, 8], 0.95);

        Assert.Equal(5, interval.Value, 12);
        Assert.Equal(5 - (3.18245 * Math.Sqrt(5.0 / 3)), interval.Low, 4);
        Assert.Equal(5 + (3.18245 * Math.Sqrt(5.0 / 3)), interval.High, 4);
    }

    [Fact]
    public void MeanInterval_OneValue_SaysNothing() =>
        Assert.Equal(new Interval(3, double.NegativeInfinity, double.PositiveInfinity), StudentT.MeanInterval([3], 0.95));
}
