using Rectune.Core.Domain;
using Rectune.Core.Planning;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Planning;

public sealed class FleetSizeTests
{
    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(100, 1, 2)]
    [InlineData(100.5, 2, 3)]
    [InlineData(1000, 10, 11)]
    public void For_ALoad_IsAsManyAsHoldItAndOneToSpare(double loadQps, long needed, long machines)
    {
        var fleet = FleetSize.For(Plan(100, Verdict.Met), loadQps, pricePerHour: null);
        Assert.Equal((needed, machines, Provenance.Measured), (fleet.Needed, fleet.Machines, fleet.Source));
        Assert.Null(fleet.CostPerHour);

        // Any one may fail: the others stay within their promise.
        Assert.InRange(loadQps / (machines - 1), 0, 100);
    }

    [Fact]
    public void For_APrice_PaysForTheSpareToo()
    {
        // Eleven at 0.5 hold 1000 queries/s: 5.5 an hour for 3.6 million queries.
        var fleet = FleetSize.For(Plan(100, Verdict.Inconclusive), 1000, pricePerHour: 0.5);
        Assert.Equal((5.5, 1.5278, Provenance.Interpolated), (fleet.CostPerHour, fleet.CostPerMillionQueries, fleet.Source));
        Assert.Equal(90.909, fleet.EachQps);
    }

    [Theory]
    [InlineData(false, 100, Provenance.Measured)]
    [InlineData(true, 1250, Provenance.Interpolated)]
    public void For_APlanOfAFixedLoad_CountsOnWhatThePathIsPredictedToHold(bool fixedLoad, double promiseQps, Provenance source)
    {
        var plan = Plan(100, Verdict.Met);
        var fleet = FleetSize.For(plan with { Promise = plan.Promise with { FixedLoad = fixedLoad } }, 5000, pricePerHour: null);
        Assert.Equal((promiseQps, source, (long)(5000 / promiseQps)), (fleet.PromiseQps, fleet.Source, fleet.Needed));
    }

    [Theory]
    [InlineData(Verdict.Missed, null)]
    [InlineData(Verdict.Inconclusive, null)]
    [InlineData(Verdict.Met, 1.5)]
    public void For_AFixedLoadThatLiveLoadSpokeAgainst_CountsOnNoMoreThanThatLoad(Verdict verdict, double? liveFactor)
    {
        var plan = Plan(100, verdict);
        plan = plan with { Promise = plan.Promise with { FixedLoad = true }, Paths = [.. plan.Paths.Select(path => path with { Service = path.Service with { LiveFactor = liveFactor is { } factor ? new Estimate { Value = factor, Source = Provenance.Measured } : null } })] };
        Assert.Equal(100, FleetSize.For(plan, 5000, pricePerHour: null).PromiseQps);
    }

    private static Plan Plan(double promiseQps, Verdict verdict)
    {
        var plan = SampleRecords.Plan();
        return plan with { Promise = plan.Promise with { Qps = promiseQps }, Validated = plan.Validated with { Verdict = verdict } };
    }
}
