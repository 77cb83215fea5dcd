using Rectune.Core.Domain;
using Rectune.Core.Planning;
using Rectune.Core.Search;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Planning;

public sealed class PlanExplanationTests
{
    private static readonly SearchSpace OneCore = SearchSpace.ForCpu(1);
    private static readonly PlanRequest Request = PlanScript.Request();
    private static readonly Plan Planned = PlanScript.Run(Request, OneCore, new ScriptedMeasurer(Request, PlanScript.Affine)).Plan;

    [Theory]
    [InlineData(0.5, false, true)]
    [InlineData(0.85, false, false)]
    [InlineData(0.5, true, false)]
    public void Of_PromiseFarBelowTheCapacity_SaysThatEvidenceBindsUnlessTheRateWasAskedFor(double share, bool fixedLoad, bool said)
    {
        var plan = Planned with { Promise = Planned.Promise with { Qps = share * Planned.CapacityQps.Value, FixedLoad = fixedLoad } };
        var evidence = Explained(plan).Evidence;
        Assert.Equal(said, evidence is not null);
        if (said)
        {
            Assert.Contains("50 % of the capacity", evidence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_OtherLimits_BuyWhatTheSimulationSays()
    {
        var explanation = Explained(Planned);
        Assert.Equal(Planned.CapacityQps, explanation.CapacityQps);
        Assert.All(explanation.Limits.Zip(explanation.Limits.Skip(1)), pair => Assert.True(pair.First.CapacityQps.Value <= 1.02 * pair.Second.CapacityQps.Value));
        Assert.All(explanation.Limits, limit => Assert.Equal((limit.CapacityQps.Value / Planned.CapacityQps.Value) - 1, limit.Gain, 1e-3));
    }

    private static PlanExplanation Explained(Plan plan) => PlanExplanation.Of(plan, sla => new PathEvaluator(Request with { Sla = sla }, OneCore));
}
