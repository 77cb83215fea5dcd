using Rectune.Core.Numerics;
using Rectune.Core.Workloads;
using Xunit;

namespace Rectune.Tests.Workloads;

/// <summary>
/// Drawn statistics against published or hand-derived ones. With 200,000 draws a percentile's standard error is under 0.4 % of its value and a mean's
/// under 0.2 %; the published figures are whole numbers, so the tolerances are 1 % of means and 2 % of percentiles.
/// </summary>
public sealed class QuerySizesTests
{
    private const int Draws = 200_000;

    [Fact]
    public void Lognormal_Draws_MatchDerivedStatistics()
    {
        var drawn = Draw(new LognormalSizes());
        AssertNear(167, drawn.Average(), 0.01);
        AssertNear(164, Percentile(drawn, 0.50), 0.02);
        AssertNear(228, Percentile(drawn, 0.95), 0.02);
        AssertNear(261, Percentile(drawn, 0.99), 0.02);
        Assert.InRange(drawn[0], 1, 1024);
        Assert.InRange(drawn[^1], 1, 1024);
    }

    [Fact]
    public void DeepRecSysProduction_Draws_MatchDerivedStatistics()
    {
        var drawn = Draw(new DeepRecSysProductionSizes());
        AssertNear(238, drawn.Average(), 0.01);
        AssertNear(178, Percentile(drawn, 0.50), 0.02);
        AssertNear(240, Percentile(drawn, 0.75), 0.02);
        AssertNear(508, Percentile(drawn, 0.90), 0.02);
        AssertNear(603, Percentile(drawn, 0.95), 0.02);
        AssertNear(918, Percentile(drawn, 0.99), 0.02);
        var largestQuarter = drawn[(Draws * 3 / 4)..].Sum(size => (double)size) / drawn.Sum(size => (double)size);
        Assert.InRange(largestQuarter, 0.51, 0.53);
        Assert.Equal(1, drawn[0]);
        Assert.Equal(999, drawn[^1]);
    }

    [Fact]
    public void MlperfDlrm_Draws_MatchTheQuantileFile()
    {
        var drawn = Draw(new MlperfDlrmSizes());
        AssertNear(270, drawn.Average(), 0.01);
        var shares = drawn.CountBy(size => size).ToDictionary(pair => pair.Key, pair => pair.Value * 20.0 / Draws);
        Assert.Equal([100, 200, 300, 400, 500, 600, 700], shares.Keys.Order());
        Assert.Equal(2, shares[100], 0.1);
        Assert.Equal(12, shares[200], 0.1);
        Assert.Equal(2, shares[300], 0.1);
        Assert.Equal(1, shares[700], 0.1);
    }

    [Theory]
    [InlineData("lognormal")]
    [InlineData("deeprecsys-prod")]
    [InlineData("mlperf-dlrm")]
    [InlineData("fixed:64")]
    public void MeanAndMaximum_EachPreset_HoldForDraws(string name)
    {
        Assert.True(QuerySizeCatalog.TryParse(name, out var sizes, out _));
        var drawn = Draw(sizes);
        // Five standard errors of a mean of 200,000 draws whose deviation is at most 190.
        Assert.Equal(sizes.MeanSamples, drawn.Average(), 2.2);
        Assert.True(drawn[0] >= 1);
        Assert.True(drawn[^1] <= sizes.Maximum);
        Assert.Equal(name, sizes.Name);
    }

    [Theory]
    [InlineData("fixed:1", 1)]
    [InlineData("fixed:4096", 4096)]
    public void TryParse_FixedAtItsEnds_Reads(string name, int samples)
    {
        Assert.True(QuerySizeCatalog.TryParse(name, out var sizes, out var problem));
        Assert.Equal("", problem);
        Assert.Equal(samples, sizes.Maximum);
    }

    [Theory]
    [InlineData("fixed:0")]
    [InlineData("fixed:4097")]
    [InlineData("fixed:")]
    [InlineData("fixed:-3")]
    [InlineData("fixed:1e2")]
    [InlineData("fixed:99999999999999")]
    public void TryParse_FixedOutOfRange_NamesTheRange(string name)
    {
        Assert.False(QuerySizeCatalog.TryParse(name, out _, out var problem));
        Assert.Equal($"found '{name}', expected fixed:N with N from 1 to 4096", problem);
    }

    [Theory]
    [InlineData("lognormel", "lognormal")]
    [InlineData("deeprecsys-prd", "deeprecsys-prod")]
    [InlineData("MLPerf-DLRM", "mlperf-dlrm")]
    [InlineData("fixed64", "fixed:N")]
    public void TryParse_Misspelt_SuggestsTheClosest(string name, string meant)
    {
        Assert.False(QuerySizeCatalog.TryParse(name, out _, out var problem));
        Assert.Equal($"found '{name}', expected one of deeprecsys-prod, lognormal, mlperf-dlrm, fixed:N; did you mean '{meant}'?", problem);
    }

    [Fact]
    public void TryParse_NothingAlike_ListsTheNamesWithoutGuessing()
    {
        Assert.False(QuerySizeCatalog.TryParse("banana", out _, out var problem));
        Assert.Equal("found 'banana', expected one of deeprecsys-prod, lognormal, mlperf-dlrm, fixed:N", problem);
    }

    private static int[] Draw(IQuerySizes sizes)
    {
        var generator = new SplitMix64(20);
        var drawn = new int[Draws];
        foreach (ref var size in drawn.AsSpan())
        {
            size = sizes.Next(ref generator);
        }

        Array.Sort(drawn);
        return drawn;
    }

    private static double Percentile(int[] sorted, double share) => sorted[(int)(share * sorted.Length)];

    private static void AssertNear(double expected, double actual, double tolerance) =>
        Assert.InRange(actual, expected * (1 - tolerance), expected * (1 + tolerance));
}
