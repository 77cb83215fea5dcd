using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.CostModels;

public sealed class RunPersistenceTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(0.7)]
    public void Of_SeriesOfKnownCorrelation_FindsIt(double correlation)
    {
        var draws = new SplitMix64(4);
        var rows = Enumerable.Range(0, 40).Select(_ => Row(Series(ref draws, correlation, 100))).ToArray();

        // A series' own mean and ranks take a few hundredths from what 100 runs show.
        Assert.InRange(RunPersistence.Of(rows)!.Value, Math.Max(0, correlation - 0.05), correlation + 0.03);
    }

    [Fact]
    public void Of_FewRuns_SaysNothing()
    {
        var draws = new SplitMix64(4);

        Assert.Null(RunPersistence.Of([Row(Series(ref draws, 0.5, 150))]));
        Assert.Null(RunPersistence.Of([.. Enumerable.Range(0, 100).Select(_ => Row(Series(ref draws, 0.5, 10)))]));
    }

    [Fact]
    public void Of_DriftingAlternately_IsNeverBelowNone()
    {
        double[] alternating = [.. Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? 100.0 : 200.0)];

        Assert.Equal(0, RunPersistence.Of([Row(alternating)]));
    }

    private static double[] Series(ref SplitMix64 draws, double correlation, int count)
    {
        var series = new double[count];
        var score = draws.NextNormal();
        for (var i = 0; i < count; i++)
        {
            score = (correlation * score) + (Math.Sqrt(1 - (correlation * correlation)) * draws.NextNormal());
            series[i] = 1_000 * Math.Exp(0.1 * score);
        }

        return series;
    }

    private static MeasurementRow Row(double[] serviceUs) => Curves.Row(64, serviceUs);
}
