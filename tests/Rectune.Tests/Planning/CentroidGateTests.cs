using Rectune.Core.Domain;
using Rectune.Core.Planning;
using Rectune.Core.Search;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Planning;

/// <summary>Centroids in the place of decoders are planned where what they change was measured and is little, or on request.</summary>
public sealed class CentroidGateTests
{
    private const string Exact = "dhe-fp32-cpu-i1-t1";
    private const string Similar = "dhe-fp32-cpu-i1-t1-centroids.64";

    private static readonly SearchSpace Space = SearchSpace.ForCpu(
        1, new SpaceKnobs().With("representation=dhe", PlanScript.Card).With("centroids=0,64", PlanScript.Card), PlanScript.Card);

    [Fact]
    public void Run_ChangeOverTheLimit_IsLeftOutWithItsFigureUnlessAllowed()
    {
        var strict = Plan(PlanScript.Request(), change: 0.21);
        Assert.Equal(Exact, strict.Paths[0].Id);
        Assert.Equal("changes scores by up to 0.21, more than 0.01; --lossy lets it in", Assert.Single(strict.Frontier, entry => entry.PathId == Similar).Why);

        var lossy = Plan(PlanScript.Request() with { Lossy = true }, change: 0.21);
        Assert.Equal((Similar, 0.21), (lossy.Paths[0].Id, lossy.Paths[0].MaxScoreChange));
        Assert.Equal(64, lossy.Paths[0].Configuration.Centroids);
    }

    [Fact]
    public void Run_ChangeWithinTheLimit_IsPlannedWithItsFigure()
    {
        var plan = Plan(PlanScript.Request(), change: 0.009);
        Assert.Equal((Similar, 0.009), (plan.Paths[0].Id, plan.Paths[0].MaxScoreChange));
    }

    [Fact]
    public void Run_ChangeNeverMeasured_IsLeftOut()
    {
        var plan = Plan(PlanScript.Request(), change: null);
        Assert.Equal(Exact, plan.Paths[0].Id);
        Assert.Contains(plan.Frontier, entry => entry.PathId == Similar && entry.Why.Contains("was not measured", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.3, "0.3 at best")]
    [InlineData(null, "not measured of any path")]
    public void Run_NothingButCentroids_QualityBinds(double? change, string available)
    {
        var only = SearchSpace.ForCpu(1, new SpaceKnobs().With("representation=dhe", PlanScript.Card).With("centroids=64", PlanScript.Card), PlanScript.Card);
        var request = PlanScript.Request();
        var infeasibility = Assert.Throws<NoFeasiblePlanException>(
            () => PlanScript.Run(request, only, new ScriptedMeasurer(request, PlanScript.Affine) { CentroidScoreChange = change })).Infeasibility;
        Assert.Equal(("quality", available), (infeasibility.Binding, infeasibility.Available));
        Assert.Contains("--lossy", infeasibility.Advice, StringComparison.Ordinal);
    }

    private static Plan Plan(PlanRequest request, double? change) =>
        PlanScript.Run(request, Space, new ScriptedMeasurer(request, (c, batch) => (c.Centroids is null ? 1 : 0.5) * PlanScript.Affine(c, batch)) { CentroidScoreChange = change }).Plan;
}
