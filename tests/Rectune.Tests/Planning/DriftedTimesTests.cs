using Rectune.Core.Domain;
using Rectune.Core.Planning;
using Rectune.Core.Search;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Planning;

public sealed class DriftedTimesTests
{
    private static readonly SearchSpace OneCore = SearchSpace.ForCpu(1);

    [Theory]
    [InlineData(1.0)]
    [InlineData(1.6)]
    [InlineData(0.7)]
    public void Factor_PlanOfTheSameMeasurements_IsTheRatio(double ratio)
    {
        var (plan, curves) = Planned();
        Assert.Equal(ratio, DriftedTimes.Factor(plan, ratio, curves)!.Value, 0.01 * ratio);
    }

    [Fact]
    public void Factor_PlanSaysAThirdOfWhatWasMeasured_IsAThirdOfTheRatio()
    {
        // Runs take three times what the plan says, which is what they took when they were measured.
        var (plan, curves) = Planned();
        plan = plan with { Scheduler = plan.Scheduler with { Paths = [.. plan.Scheduler.Paths.Select(path => path with { Planned = [.. path.Planned.Select(time => time with { Us = time.Us / 3 })] })] } };
        Assert.Equal(1, DriftedTimes.Factor(plan, 3, curves)!.Value, 0.01);
    }

    [Fact]
    public void Factor_LiveLoadCorrectedThePlan_IsMeasuredTimesIt()
    {
        var (plan, curves) = Planned();
        plan = plan with { Paths = [.. plan.Paths.Select(path => path with { Service = path.Service with { LiveFactor = new Estimate { Value = 1.5, Source = Provenance.Interpolated } } })] };
        Assert.Equal(3, DriftedTimes.Factor(plan, 2, curves)!.Value, 0.03);
    }

    [Fact]
    public void Factor_PathWasNotMeasured_IsUnknown()
    {
        var (plan, curves) = Planned();
        plan = plan with { Paths = [.. plan.Paths.Select(path => path with { Configuration = path.Configuration with { Threads = 99 } })] };
        Assert.Null(DriftedTimes.Factor(plan, 2, curves));
    }

    [Fact]
    public void Run_ServiceFactorOfTwo_IsTheCurveOfRunsTwiceAsLongMarkedAsExtrapolated()
    {
        var request = PlanScript.Request();
        var measurer = new ScriptedMeasurer(request, PlanScript.Affine);
        var book = new MeasurementBook(Planner.Question(request));
        Assert.All(OneCore.Configurations.SelectMany(c => measurer.Rows(c, OneCore.Batches)), row => Assert.True(book.Add(row)));

        var before = new KnownCurves(request, OneCore, book).Of(OneCore.Configurations[0])!;
        var after = new KnownCurves(request with { ServiceFactor = 2 }, OneCore, book).Of(OneCore.Configurations[0])!;

        Assert.Equal(Provenance.Extrapolated, after.Source);
        Assert.Equal(before.Residuals, after.Residuals);
        for (var i = 0; i < before.Points.Count; i++)
        {
            Assert.Equal(2 * before.Points[i].MedianUs, after.Points[i].MedianUs, 0.002);
            Assert.Equal(2 * before.Points[i].P99Us, after.Points[i].P99Us, 0.002);
            Assert.Equal(2 * before.Points[i].Terms.ComputeUs, after.Points[i].Terms.ComputeUs, 0.002);
        }
    }

    [Fact]
    public void Measured_Limits_AreTheUsualOnesUpToTheLargestBatchAndThePlans()
    {
        var space = SearchSpace.Measured([OneCore.Configurations[0]], [1, 16, 64], new BatchLimits(64, 64));
        Assert.Equal([new BatchLimits(32, 32), new BatchLimits(32, 64), new BatchLimits(64, 64)], space.BatchLimits);
        Assert.Equal([1, 16, 64], space.Batches);
        Assert.Equal([new BatchLimits(16, 16)], SearchSpace.Measured([OneCore.Configurations[0]], [16], new BatchLimits(32, 512)).BatchLimits);
    }

    private static (Plan Plan, KnownCurves Curves) Planned()
    {
        var request = PlanScript.Request() with { Offline = true };
        var measurer = new ScriptedMeasurer(request, PlanScript.Affine);
        var rows = OneCore.Configurations.SelectMany(c => measurer.Rows(c, OneCore.Batches)).ToArray();
        var book = new MeasurementBook(Planner.Question(request));
        Assert.All(rows, row => Assert.True(book.Add(row)));
        return (PlanScript.Run(request, OneCore, measurer, known: rows).Plan, new KnownCurves(request, OneCore, book));
    }
}
