using Rectune.Core.Domain;
using Rectune.Core.Planning;
using Rectune.Core.Search;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Planning;

/// <summary>Live load is simulated from a curve that planning does not know.</summary>
public sealed class LiveFitTests
{
    private static readonly SearchSpace OneCore = SearchSpace.ForCpu(1);
    private static readonly PlanRequest Request = PlanScript.Request();
    private static readonly Plan Planned = PlanScript.Run(Request, OneCore, new ScriptedMeasurer(Request, PlanScript.Affine)).Plan;

    [Theory]
    [InlineData(1.25, 0)]
    [InlineData(0.9, 400)]
    [InlineData(1.1, 150)]
    public void Of_LiveLoadOfAnotherCurve_FindsIt(double factor, double idleStartUs)
    {
        var service = Planned.Paths[0].Service;
        var fitted = LiveFit.Of(service, Measured(service with { LiveFactor = Seen(factor), IdleStartUs = Seen(idleStartUs) }), Predict)!;
        Assert.Equal(factor, fitted.LiveFactor!.Value, 0.03);
        Assert.Equal(idleStartUs, fitted.IdleStartUs!.Value, 40.0);
    }

    [Fact]
    public void Of_LiveLoadAsPredicted_IsNothing() => Assert.Null(LiveFit.Of(Planned.Paths[0].Service, Measured(Planned.Paths[0].Service), Predict));

    [Fact]
    public void Of_NoTailMeasured_IsNothing()
    {
        var service = Planned.Paths[0].Service;
        Assert.Null(LiveFit.Of(service, Measured(service with { LiveFactor = Seen(1.5) }) with { P95Ms = null }, Predict));
    }

    [Theory]
    [InlineData(100, 100)]
    [InlineData(1, 3)]
    [InlineData(1, 1.5)]
    public void Of_PercentilesThatNoSlowerPathHas_AreADisturbanceAndCorrectNothing(double medianTimes, double tailTimes)
    {
        var service = Planned.Paths[0].Service;
        var measured = Measured(service);
        Assert.Null(LiveFit.Of(service, measured with { P50Ms = Times(measured.P50Ms!, medianTimes), P95Ms = Times(measured.P95Ms!, tailTimes) }, Predict));

        static Estimate Times(Estimate estimate, double times) => new() { Value = times * estimate.Value, Low = times * estimate.Low, High = times * estimate.High, Source = Provenance.Measured };
    }

    [Theory]
    [InlineData(true, 0.0)]
    [InlineData(false, 0.5)]
    public void Run_LateGeneratorOrOverload_CorrectsNothing(bool late, double overShare)
    {
        var slower = Planned.Paths[0].Service with { LiveFactor = Seen(1.2) };
        var validator = new ScriptedValidator(double.MaxValue)
        {
            Measured = (path, qps) => Predicted(path with { Service = slower }, qps) with { OverLimitShare = Estimate.Exact(overShare, Provenance.Measured) },
            GeneratorOf = _ => new GeneratorReport { LatenessP50Us = 1, LatenessP99Us = 1, LatenessMaxUs = 1, CpuShare = 0.1, Limiting = late },
        };
        Assert.Null(PlanScript.Run(Request, OneCore, new ScriptedMeasurer(Request, PlanScript.Affine), validator).Plan.Paths[0].Service.LiveFactor);
    }

    [Fact]
    public void Run_LiveLoadSlowerThanPredicted_TellsBothAndSimulatesTheCapacityAnew()
    {
        var slower = Planned.Paths[0].Service with { LiveFactor = Seen(1.2) };
        var validator = new ScriptedValidator(double.MaxValue) { Measured = (path, qps) => Predicted(path with { Service = slower }, qps) };
        var plan = PlanScript.Run(Request, OneCore, new ScriptedMeasurer(Request, PlanScript.Affine), validator).Plan;
        Assert.Equal(Planned.Predicted, plan.Predicted);
        Assert.Equal(1.2, plan.Paths[0].Service.LiveFactor!.Value, 0.02);
        Assert.InRange(plan.CapacityQps.Value, 0.75 * Planned.CapacityQps.Value, 0.9 * Planned.CapacityQps.Value);
        Assert.Equal(Verdict.Met, plan.Validated.Verdict);
    }

    [Fact]
    public void Run_RefutedByAMuchSlowerMachine_TriesAtOnceWhatTheCorrectedPredictionPromises()
    {
        var slower = Planned.Paths[0].Service with { LiveFactor = Seen(1.4) };
        var hidden = 0.7 * Planned.Promise.Qps;
        var validator = new ScriptedValidator(hidden) { Measured = (path, qps) => Predicted(path with { Service = slower }, qps) };
        PlanScript.Run(Request, OneCore, new ScriptedMeasurer(Request, PlanScript.Affine) { Works = c => c.TablePrecision == TablePrecision.Int8 }, validator);
        var blind = new ScriptedValidator(hidden);
        PlanScript.Run(Request, OneCore, new ScriptedMeasurer(Request, PlanScript.Affine) { Works = c => c.TablePrecision == TablePrecision.Int8 }, blind);
        Assert.True(validator.Runs.Count < blind.Runs.Count, $"{validator.Runs.Count} runs with the evidence, {blind.Runs.Count} without");
    }

    private static Estimate Seen(double value) => new() { Value = value, Source = Provenance.Measured };

    private static Performance Measured(ServiceCurve truth) => Predict(truth, 10);

    private static Performance Predict(ServiceCurve curve, int replications) => new PathEvaluator(Request, OneCore).Predict([Planned.Paths[0] with { Service = curve }], Planned.Scheduler, Planned.Promise.Qps, replications);

    private static Performance Predicted(ServingPath path, double qps) => new PathEvaluator(Request, OneCore).Predict([path], Planned.Scheduler, qps);
}
