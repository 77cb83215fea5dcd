using Rectune.Cli;
using Rectune.Core.Domain;
using Rectune.Core.Planning;
using Rectune.Core.Search;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Planning;

/// <summary>What a prediction says of queries that are turned away.</summary>
public sealed class PredictedRefusalTests
{
    private static readonly SearchSpace OneCore = SearchSpace.ForCpu(1);
    private static readonly PlanRequest Request = PlanScript.Request();
    private static readonly Plan Planned = PlanScript.Run(Request, OneCore, new ScriptedMeasurer(Request, PlanScript.Affine)).Plan;

    [Fact]
    public void Predict_TwiceTheRateThatNoQueueHolds_RefusesHalfOrMore()
    {
        var ceiling = new PathEvaluator(Request, OneCore).CeilingQps(Planned.Paths[0].Configuration, Planned.Paths[0].Service);
        var predicted = Predict(Planned.Scheduler, 2 * ceiling);

        // What is answered is at most what the instances can do; a twentieth is left to the luck of service times.
        Assert.InRange(predicted.RefusedShare!.Value, 0.45, 1);
        Assert.InRange(predicted.RefusedShare.High!.Value, predicted.RefusedShare.Value, 1);
        Assert.True(predicted.OverLimitShare.Value >= predicted.RefusedShare.Value);
        Assert.Null(predicted.P99Ms);
        Assert.True(predicted.AcceptedP99Ms!.Value > 0);
        Assert.Null(predicted.RefusedP99Ms);
        Assert.Equal(Provenance.Interpolated, predicted.RefusedShare.Source);
    }

    [Fact]
    public void Predict_HardlyAnyLoad_RefusesNoneAndSaysSo()
    {
        var predicted = Predict(Planned.Scheduler, 1);
        Assert.Equal(0, predicted.RefusedShare!.Value);
        Assert.Null(predicted.AcceptedP99Ms);
    }

    [Fact]
    public void Predict_SchedulerThatRefusesNobodyForBeingLate_SaysNothing() =>
        Assert.Null(Predict(Planned.Scheduler with { LimitUs = null, Paths = [] }, 1).RefusedShare);

    [Fact]
    public void Plan_ItsPrediction_HasTheShareAtThePromisedRate()
    {
        Assert.NotNull(Planned.Predicted.RefusedShare);
        Assert.InRange(Planned.Predicted.RefusedShare.Value, 0, Planned.Predicted.OverLimitShare.Value);
    }

    [Fact]
    public void Comparison_Refusals_HaveRowsWhereTheyCanBe()
    {
        var without = Planned.Predicted with { RefusedShare = null };
        var measured = without with { RefusedShare = new Estimate { Value = 0.1, Source = Provenance.Measured } };
        var rows = PlanText.Comparison(Planned.Sla, without, measured: null).Rows.Count;
        Assert.Equal(rows + 1, PlanText.Comparison(Planned.Sla, Planned.Predicted, measured: null).Rows.Count);
        Assert.Equal(rows + 3, PlanText.Comparison(Planned.Sla, without, measured).Rows.Count);
    }

    private static Performance Predict(SchedulerSettings scheduler, double qps) => new PathEvaluator(Request, OneCore).Predict(Planned.Paths, scheduler, qps);
}
