using FsCheck;
using FsCheck.Fluent;
using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Xunit;

namespace Rectune.Tests.CostModels;

public sealed class ServiceTimeModelTests
{
    [Fact]
    public void MedianUs_AtMeasuredPoints_IsExactAndMeasured()
    {
        var model = new ServiceTimeModel(Curve((1, 100), (64, 420), (256, 1_500)), 256);

        Assert.Equal(420, model.MedianUs(64, out var source), 9);
        Assert.Equal(Provenance.Measured, source);
        Assert.Equal(1_500, model.MedianUs(256, out _), 9);
    }

    [Fact]
    public void MedianUs_BetweenPoints_IsOnTheChord()
    {
        var model = new ServiceTimeModel(Curve((10, 100), (20, 200), (40, 300)), 64);

        Assert.Equal(150, model.MedianUs(15, out var source), 9);
        Assert.Equal(Provenance.Interpolated, source);
        Assert.Equal(225, model.MedianUs(25, out _), 9);
    }

    [Fact]
    public void MedianUs_OutsidePoints_FollowsTheNearestSlope()
    {
        var model = new ServiceTimeModel(Curve((10, 150), (20, 200), (40, 400)), 100);

        Assert.Equal(105, model.MedianUs(1, out var below), 9);
        Assert.Equal(1_000, model.MedianUs(100, out var above), 9);
        Assert.Equal((Provenance.Extrapolated, Provenance.Extrapolated), (below, above));
    }

    [Fact]
    public void MedianUs_LineFallingBelowZero_KeepsTheSamplesShare()
    {
        // The line through (10, 100) and (20, 300) is −80 at 1; a tenth of the smallest batch is 10.
        var model = new ServiceTimeModel(Curve((10, 100), (20, 300)), 20);

        Assert.Equal(10, model.MedianUs(1, out _), 9);
        Assert.Equal(50, model.MedianUs(5, out _), 9);
    }

    [Fact]
    public void MedianUs_OnePoint_AssumesTheLargerExtreme()
    {
        var model = new ServiceTimeModel(Curve((10, 100)), 20);

        Assert.Equal(100, model.MedianUs(1, out _), 9);
        Assert.Equal(200, model.MedianUs(20, out _), 9);
    }

    [Fact]
    public void MedianUs_FallingMeasurements_ArePooledAndSaidToBeInterpolated()
    {
        var model = new ServiceTimeModel(Curve((1, 100), (2, 90), (4, 200)), 4);

        Assert.Equal(95, model.MedianUs(1, out var source), 9);
        Assert.Equal(Provenance.Interpolated, source);
        Assert.Equal(95, model.MedianUs(2, out _), 9);
    }

    // wnd on c5n.2xlarge: t = 0.82 + 0.0317·batch milliseconds (fit of published measurements).
    [Fact]
    public void MedianUs_AffineMachine_IsRecoveredEverywhere()
    {
        double Affine(int batch) => 820 + (31.7 * batch);
        var model = new ServiceTimeModel(Curve((1, Affine(1)), (16, Affine(16)), (100, Affine(100)), (500, Affine(500))), 1_000);

        for (var batch = 1; batch <= 1_000; batch++)
        {
            Assert.Equal(Affine(batch), model.MedianUs(batch, out _), 6);
        }
    }

    [Fact]
    public void MedianUs_AnyCurve_IsPositiveNeverFallsAndStaysBetweenItsPoints()
    {
        var curves =
            from count in Gen.Choose(1, 6)
            from steps in Gen.Choose(1, 60).ListOf(count)
            from medians in Gen.Choose(1, 100_000).ListOf(count)
            select Curve([.. steps.Zip(medians).Select((pair, i) => (steps.Take(i + 1).Sum(), (double)pair.Second))]);
        var property = Prop.ForAll(Arb.From(curves), curve =>
        {
            var model = new ServiceTimeModel(curve, 400);
            double last = 0, low = curve.Points.Min(point => point.MedianUs), high = curve.Points.Max(point => point.MedianUs);
            for (var batch = 1; batch <= 400; batch++)
            {
                var median = model.MedianUs(batch, out var source);
                var outside = median < low - 1e-6 || median > high + 1e-6;
                if (median <= 0 || median < last - (1e-9 * last) || (source != Provenance.Extrapolated && outside))
                {
                    return false;
                }

                last = median;
            }

            return true;
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(7, 9), property);
    }

    [Fact]
    public void ServiceNs_AnyProbability_ScalesTheMedianByTheQuantile()
    {
        var curve = Curve((1, 100), (11, 200)) with { Residuals = [0.5, 1, 3] };
        var model = new ServiceTimeModel(curve, 11);

        Assert.Equal(50_000, model.ServiceNs(1, 0), 6);
        Assert.Equal(75_000, model.ServiceNs(1, 0.25), 6);
        Assert.Equal(200_000, model.ServiceNs(11, 0.5), 6);
        Assert.Equal(600_000, model.ServiceNs(11, 1), 6);
        Assert.Equal(2, model.ResidualAt(0.75), 12);
    }

    [Fact]
    public void MedianUs_BeyondTheTable_StillAnswers() =>
        Assert.Equal(900, new ServiceTimeModel(Curve((10, 100), (20, 200)), 20).MedianUs(90, out _), 9);

    [Fact]
    public void Constructor_UnusableCurve_SaysWhy()
    {
        Assert.Contains("ascending", Message(Curve((4, 1), (4, 2))), StringComparison.Ordinal);
        Assert.Contains("positive time", Message(Curve((4, 0))), StringComparison.Ordinal);
        Assert.Contains("at least one point", Message(Curve()), StringComparison.Ordinal);
        Assert.Contains("never falling", Message(Curve((1, 1)) with { Residuals = [1, 0.5] }), StringComparison.Ordinal);
        Assert.Contains("two residuals", Message(Curve((1, 1)) with { Residuals = [1] }), StringComparison.Ordinal);

        static string Message(ServiceCurve curve) => Assert.Throws<ArgumentException>(() => new ServiceTimeModel(curve, 8)).Message;
    }

    internal static ServiceCurve Curve(params (int Batch, double MedianUs)[] points) => new()
    {
        Points = [.. points.Select(point => new ServicePoint
        {
            Batch = point.Batch,
            MedianUs = point.MedianUs,
            P99Us = point.MedianUs,
            Terms = new ServiceTerms { PrepareUs = 0, ComputeUs = point.MedianUs, CopyOutUs = 0 },
        })],
        Residuals = [1, 1],
        Source = Provenance.Measured,
    };
}
