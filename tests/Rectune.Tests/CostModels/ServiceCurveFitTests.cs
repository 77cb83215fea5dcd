using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.CostModels;

public sealed class ServiceCurveFitTests
{
    [Fact]
    public void From_Rows_KeepsTheirOrderMediansAndTerms()
    {
        var curve = ServiceCurveFit.From([Curves.Row(1, [9, 11, 10]), Curves.Row(16, [40, 20, 30, 50]), Curves.Row(64, [100.0004])]);
        Assert.Equal([1, 16, 64], curve.Points.Select(p => p.Batch));
        Assert.Equal([10, 35, 100], curve.Points.Select(p => p.MedianUs));
        Assert.Equal([11, 50, 100], curve.Points.Select(p => p.P99Us));
        Assert.All(curve.Points, p => Assert.Equal(SampleRecords.Terms(), p.Terms));
        Assert.Equal(Provenance.Measured, curve.Source);
    }

    [Fact]
    public void From_DisturbedRuns_LeaveTheMedianAloneAndEnterTheP99()
    {
        var curve = ServiceCurveFit.From([Curves.Row(8, Enumerable.Repeat(100.0, 90), Enumerable.Repeat(700.0, 10))]);
        Assert.Equal(100, curve.Points[0].MedianUs);
        Assert.Equal(700, curve.Points[0].P99Us);
    }

    [Fact]
    public void From_DisturbedRuns_EnterResidualsAtTheirRate()
    {
        // 4 of 100 runs were disturbed and took five times as long.
        var curve = ServiceCurveFit.From([Curves.Row(8, Enumerable.Repeat(100.0, 96), Enumerable.Repeat(500.0, 4))]);
        var model = new ServiceTimeModel(curve, 8);
        var slow = 0;
        for (var i = 0; i < 10_000; i++)
        {
            slow += model.ServiceNs(8, (i + 0.5) / 10_000) > 300_000 ? 1 : 0;
        }

        // The step between two quantiles half a percent apart is resolved to that.
        Assert.InRange(slow / 10_000.0, 0.035, 0.045);
    }

    [Fact]
    public void From_ManyRunsAtOneBatch_EveryBatchWeighsTheSame()
    {
        // Half of the pooled residuals come from each batch, although one has a hundred times the runs.
        var curve = ServiceCurveFit.From([Curves.Row(1, Spread(10, 5000)), Curves.Row(64, Enumerable.Repeat(400.0, 50))]);
        var exact = curve.Residuals.Count(r => r == 1);
        Assert.InRange((double)exact / curve.Residuals.Count, 0.49, 0.52);
    }

    [Fact]
    public void From_AnyRows_ResidualsAscendAroundOneAtEvenlySpacedProbabilities()
    {
        var curve = ServiceCurveFit.From([Curves.Row(1, Spread(10, 400)), Curves.Row(64, Spread(400, 100))]);
        Assert.Equal(ServiceCurveFit.ResidualQuantiles, curve.Residuals.Count);
        Assert.Equal(curve.Residuals.Order(), curve.Residuals);
        Assert.Equal(0.9, curve.Residuals[0], 5);
        Assert.Equal(1, curve.Residuals[ServiceCurveFit.ResidualQuantiles / 2], 0.005);
        Assert.Equal(1.1, curve.Residuals[^1], 5);
    }

    [Fact]
    public void From_NoisyAffineMachine_PredictsItsMediansWithinTheNoise()
    {
        var random = new SplitMix64(5);
        var rows = new List<MeasurementRow>();
        foreach (var batch in new[] { 1, 16, 64, 256, 1024 })
        {
            var runs = new double[301];
            for (var i = 0; i < runs.Length; i++)
            {
                runs[i] = (40 + (3 * batch)) * (1 + (0.03 * random.NextNormal()));
            }

            rows.Add(Curves.Row(batch, runs));
        }

        var model = new ServiceTimeModel(ServiceCurveFit.From(rows), 1024);

        // A median of 301 normal runs has a standard error of 1.2533 · 3 % / √301 = 0.22 %; four of them.
        foreach (var batch in new[] { 1, 5, 16, 100, 256, 700, 1024 })
        {
            Assert.InRange(model.MedianUs(batch, out _) / (40 + (3 * batch)), 1 - 0.0088, 1 + 0.0088);
        }
    }

    [Fact]
    public void From_NoRows_Throws() => Assert.Throws<ArgumentException>(() => ServiceCurveFit.From([]));

    /// <summary>Evenly spread within 10 % of <paramref name="medianUs"/>.</summary>
    private static IEnumerable<double> Spread(double medianUs, int runs) =>
        Enumerable.Range(0, runs).Select(i => medianUs * (0.9 + (0.2 * i / (runs - 1))));
}
