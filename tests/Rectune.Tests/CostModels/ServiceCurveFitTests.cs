using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Xunit;

namespace Rectune.Tests.CostModels;

public sealed class ServiceCurveFitTests
{
    [Fact]
    public void From_TwoBatches_HasPointsInOrderWithMedianAndTail()
    {
        // As widely spread about 50 as about 600: a fifth up and down.
        double[] About(double us) => [.. Enumerable.Range(0, 101).Select(i => us * (0.8 + (0.004 * i)))];

        var curve = ServiceCurveFit.From([Row(64, About(600)), Row(1, About(50))]);

        Assert.Equal([1, 64], curve.Points.Select(point => point.Batch));
        Assert.Equal([50.0, 600], curve.Points.Select(point => point.MedianUs));
        Assert.All(curve.Points.Zip([59.8, 717.6]), pair => Assert.Equal(pair.Second, pair.First.P99Us, 0.02 * pair.Second));
        Assert.Equal(Provenance.Measured, curve.Source);
        Assert.Equal(MachineSpread.ResidualQuantiles, curve.Residuals.Count);
    }

    [Fact]
    public void From_EqualRuns_HasNoSpread() =>
        Assert.All(ServiceCurveFit.From([Row(1, [5, 5, 5]), Row(8, [9, 9])]).Residuals, r => Assert.Equal(1, r, 12));

    [Fact]
    public void From_RowsOfOneBatch_ArePooled()
    {
        var curve = ServiceCurveFit.From([Row(8, [10, 20], computeUs: 30), Row(8, [30, 40, 50, 60], computeUs: 60)]);

        var point = Assert.Single(curve.Points);
        Assert.Equal(35, point.MedianUs);
        Assert.Equal(50, point.Terms.ComputeUs, 12);
        Assert.Null(point.Terms.CopyInUs);
    }

    [Fact]
    public void From_DisturbedRuns_AreInTheSpreadAtTheirRateAndNotInTheMedian()
    {
        var quiet = Enumerable.Repeat(100.0, 95).ToArray();
        var disturbed = Enumerable.Repeat(400.0, 5).ToArray();

        var curve = ServiceCurveFit.From([Row(1, quiet, disturbed)]);

        Assert.Equal(100, curve.Points[0].MedianUs);
        Assert.Equal(400, curve.Points[0].P99Us);
        Assert.All(curve.Residuals, residual => Assert.Equal(1, residual, 9));

        // Five stalls of 300 us in 95 runs of 100 us and 5 of 400.
        Assert.Equal(5 / 11.5e-3, curve.Stalls!.PerBusySecond, 0.01);
        Assert.All(curve.Stalls.LengthUs, us => Assert.Equal(300, us, 6));
    }

    [Fact]
    public void From_OneBatchMeasuredInANoisyMinute_HasTheMedianThatItsQuietRunsAndTheOtherBatchesTell()
    {
        // Batches 1 and 64 take 100 and 1,000 us, a percent more or less; while batch 16 was measured, four runs of five took up to three times as long.
        double[] About(double us) => [.. Enumerable.Range(0, 101).Select(i => us * (0.99 + (0.0002 * i)))];
        double[] noisy = [.. About(300).Select((us, i) => i % 5 == 0 ? us : us * (1 + (0.02 * i)))];
        var curve = ServiceCurveFit.From([Row(1, About(100)), Row(16, noisy), Row(64, About(1000))]);
        Assert.Equal(300, curve.Points[1].MedianUs, 6.0);
        Assert.True(Percentiles.Interpolated([.. noisy.Order()], 0.5) > 450);

        // What it lost is in the spread and in the stalls of all.
        Assert.True(curve.Stalls!.PerBusySecond > 0);
    }

    [Fact]
    public void From_StallsOfShortRuns_DoNotSlowLongRunsInProportion()
    {
        // The same 4 ms stall hits runs of 50 us and of 10 ms, once in a second of busy time each.
        double[] Runs(double us, int count) => [.. Enumerable.Repeat(us, count - 1), us + 4_000];

        var curve = ServiceCurveFit.From([Row(1, Runs(50, 20_000)), Row(1024, Runs(10_000, 100))]);

        Assert.Equal(1, curve.Stalls!.PerBusySecond, 0.01);
        var model = new ServiceTimeModel(curve, 1024);
        Assert.Equal(10, model.ServiceNs(1024, 1) / 1e6, 0.1);
        Assert.Equal(4, model.StallNs(1) / 1e6, 0.1);
    }

    [Fact]
    public void From_HeavyTail_KeepsTheMeanOfTheWork()
    {
        var random = new SplitMix64(1);
        var runs = new double[5_000];
        for (var i = 0; i < runs.Length; i++)
        {
            // Pareto with exponent 2.5: the largest of 5000 is some thirty times the median.
            runs[i] = 100 * Math.Pow(random.NextPositiveDouble(), -1 / 2.5);
        }

        var curve = ServiceCurveFit.From([Row(1, runs)]);

        var model = new ServiceTimeModel(curve, 1);
        double sum = 0;
        const int Draws = 100_000;
        for (var i = 0; i < Draws; i++)
        {
            sum += model.ServiceNs(1, (i + 0.5) / Draws) / 1e3;
        }

        var stallUs = Enumerable.Range(0, Draws).Average(i => model.StallNs((i + 0.5) / Draws)) / 1e3;
        var stalledShare = model.StallsPerNs * 1e3 * stallUs;

        // Chords inside the other percents overestimate a convex quantile function a little.
        Assert.Equal(1, sum / Draws / (1 - stalledShare) / runs.Average(), 0.015);
    }

    [Fact]
    public void From_LognormalRuns_RecoversTheQuantiles()
    {
        var random = new SplitMix64(4);
        double[] Runs(int batch) => [.. Enumerable.Range(0, 4_000).Select(_ => batch * 10 * Math.Exp(0.1 * random.NextNormal()))];

        var curve = ServiceCurveFit.From([Row(1, Runs(1)), Row(64, Runs(64)), Row(256, Runs(256))]);

        // Normal quantiles at 10, 50 and 90 percent: ∓1.2816 and 0.
        Assert.Equal(Math.Exp(-0.1 * 1.2816), curve.Residuals[20], 0.01);
        Assert.Equal(1, curve.Residuals[100], 0.01);
        Assert.Equal(Math.Exp(0.1 * 1.2816), curve.Residuals[180], 0.015);
    }

    [Fact]
    public void From_TwoConfigurations_Throws()
    {
        var other = Row(8, [1.0]);
        other = other with { Key = other.Key with { Configuration = other.Key.Configuration with { Threads = 2 } } };

        Assert.Throws<ArgumentException>(() => ServiceCurveFit.From([Row(1, [1.0]), other]));
        Assert.Throws<ArgumentException>(() => ServiceCurveFit.From([]));
        Assert.Throws<ArgumentException>(() => ServiceCurveFit.From([Row(1, [])]));
    }

    [Fact]
    public void From_OnlyDisturbedRuns_StillHasAMedian() => Assert.Equal(20, ServiceCurveFit.From([Row(1, [], [10, 20, 30])]).Points[0].MedianUs);

    private static MeasurementRow Row(int batch, double[] us, double[]? disturbed = null, double computeUs = 1) => new()
    {
        Schema = MeasurementRow.SchemaName,
        Key = new ProfileKey
        {
            Configuration = new Configuration
            {
                Representation = Representation.Table,
                TablePrecision = TablePrecision.Fp32,
                Device = "cpu",
                Threads = 1,
                Instances = 2,
            },
            Batch = batch,
            Skew = "uniform",
            ModelSha256 = "m",
            Weights = "random:1",
            MachineFingerprint = "f",
            RuntimeFingerprint = "r",
        },
        Terms = new ServiceTerms { PrepareUs = 1, ComputeUs = computeUs, CopyOutUs = 1 },
        ServiceUs = us,
        DisturbedUs = disturbed ?? [],
        Disturbance = new Disturbance(),
        YardstickUs = 1,
        MedianRelativeError = 0.01,
        MeasuredAt = "2026-01-01T00:00:00Z",
    };
}
