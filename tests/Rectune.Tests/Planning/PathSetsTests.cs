using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Planning;
using Rectune.Core.Search;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Planning;

/// <summary>Tables that answer fast, and tables beside hashing that answer better in four times the time.</summary>
public sealed class PathSetsTests
{
    private const string Hybrid = "hybrid(decoder=8,k=8)";
    private const double TableQuality = 0.78;
    private const double HybridQuality = 0.80;

    private static readonly SearchSpace Space = SearchSpace.ForCpu(
        2, new SpaceKnobs().With($"representation=table,{Hybrid}", PlanScript.Card).With("table-precision=fp32", PlanScript.Card).With("instances=2", PlanScript.Card).With("threads=1", PlanScript.Card));

    private static readonly PlanRequest Request = PlanScript.Request() with
    {
        Qualities = new Dictionary<string, double> { ["table"] = TableQuality, ["hybrid"] = HybridQuality },
    };

    [Fact]
    public void Run_QualitiesDiffer_PlansBothAndAnswersBetterThanTheFastestAloneAtNoLessCorrectPredictions()
    {
        var plan = Planned(Request);
        Assert.True(plan.Scheduler.Policy == SchedulingPolicies.MultiPath, string.Join("; ", plan.Frontier.Select(entry => $"{entry.PathId} {entry.PromiseQps.Value} {entry.Quality.Value} {entry.SplitSamples}/{entry.MaxBatch}")));
        Assert.Equal(["table", Hybrid], plan.Paths.Select(path => path.Configuration.Representation.Id()));
        Assert.Equal([TableQuality, HybridQuality], plan.Paths.Select(path => path.Quality.Value!.Value));
        Assert.Equal(plan.Paths.Select(path => path.Id), plan.Scheduler.Paths.Select(path => path.Id));
        Assert.Equal(20_000, plan.Scheduler.LimitUs);

        var alone = Assert.Single(plan.Frontier, entry => entry.PathId == plan.Paths[0].Id);
        var chosen = plan.Frontier[0];
        Assert.Equal(plan.PathId(), chosen.PathId);
        Assert.InRange(chosen.Quality.Value!.Value, TableQuality + 0.001, HybridQuality);
        Assert.Equal(Provenance.Assumed, chosen.Quality.Source);
        Assert.True(chosen.PromiseQps.Value * chosen.Quality.Value >= 0.97 * alone.PromiseQps.Value * TableQuality);
        Assert.Equal(plan.Paths.Sum(path => path.MemoryBytes), chosen.MemoryBytes);
        Assert.Equal(2, plan.Provenance.Measured);
    }

    [Fact]
    public void Run_SeveralPaths_PlanIsReadableAndSealedAlike()
    {
        var text = PlanFormat.Write(Planned(Request));
        Assert.Equal(text, PlanFormat.Write(PlanFormat.Read(text, "plan.json")));
        Assert.Equal(text, PlanFormat.Write(Planned(Request)));
    }

    [Fact]
    public void Run_FloorHalfway_ServesMoreThanTheBestPathThatMeetsItAlone()
    {
        // Of the paths alone only the slow one meets it; traffic on both may average to it.
        var plan = Planned(Request with { QualityMin = (TableQuality + HybridQuality) / 2 });
        Assert.Equal((TableQuality + HybridQuality) / 2, plan.Scheduler.QualityMin);
        var alone = Assert.Single(plan.Frontier, entry => entry.PathId == plan.Paths[1].Id);
        Assert.True(plan.Frontier[0].PromiseQps.Value >= 1.3 * alone.PromiseQps.Value, $"{plan.Frontier[0].PromiseQps.Value} together, {alone.PromiseQps.Value} alone");
        Assert.True(plan.Frontier[0].Quality.Value >= 0.79 - 1e-6);
    }

    [Fact]
    public void Run_FloorAboveEveryPath_SaysWhatBinds()
    {
        var infeasible = Assert.Throws<NoFeasiblePlanException>(() => Planned(Request with { QualityMin = 0.81 })).Infeasibility;
        Assert.Equal("quality", infeasible.Binding);
        Assert.Contains("0.8000", infeasible.Available, StringComparison.Ordinal);
        Assert.Contains("--quality-min", infeasible.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_BothDoNotFitMemoryTogether_OneServesAlone()
    {
        var most = Planned(Request).Paths.Max(path => path.MemoryBytes);
        var plan = Planned(Request with { MemoryLimitBytes = most + (100L << 20) });
        Assert.Single(plan.Paths);
        Assert.Equal(SchedulingPolicies.Static, plan.Scheduler.Policy);
    }

    [Fact]
    public void Run_QualitiesAlike_OneServesAlone()
    {
        var plan = Planned(Request with { Qualities = new Dictionary<string, double> { ["table"] = TableQuality, ["hybrid"] = TableQuality } });
        Assert.Equal(SchedulingPolicies.Static, Assert.Single([plan.Scheduler]).Policy);
        Assert.Equal("table", Assert.Single(plan.Paths).Configuration.Representation.Id());
    }

    private static Plan Planned(PlanRequest request) =>
        PlanScript.Run(request, Space, new ScriptedMeasurer(request, (configuration, batch) => (configuration.Representation.Kind == "table" ? 1 : 4) * PlanScript.Affine(configuration, batch))).Plan;
}
