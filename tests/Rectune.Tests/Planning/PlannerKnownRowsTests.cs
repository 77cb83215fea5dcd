using Rectune.Core.Domain;
using Rectune.Core.Search;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Planning;

/// <summary>Planning with measurements made before: resumed, or offline.</summary>
public sealed class PlannerKnownRowsTests
{
    private static readonly SearchSpace OneCore = SearchSpace.ForCpu(1);

    [Fact]
    public void Run_SomeKnown_MeasuresOnlyTheRest()
    {
        var request = PlanScript.Request();
        var measurer = new ScriptedMeasurer(request, PlanScript.Affine);
        var known = OneCore.Configurations.Take(2).SelectMany(c => measurer.Rows(c, OneCore.Batches)).ToArray();
        var plan = PlanScript.Run(request, OneCore, measurer, known: known).Plan;
        Assert.Equal(OneCore.Configurations.Skip(2), measurer.Asked);
        Assert.Equal(4, plan.Provenance.Measured);

        var fresh = PlanScript.Run(request, OneCore, new ScriptedMeasurer(request, PlanScript.Affine)).Plan;
        Assert.Equal(fresh.Sha256, plan.Sha256);
    }

    [Fact]
    public void Run_RowsOfAnotherMachine_AreMeasuredAgain()
    {
        var request = PlanScript.Request();
        var measurer = new ScriptedMeasurer(request, PlanScript.Affine);
        var foreign = OneCore.Configurations.SelectMany(c => measurer.Rows(c, OneCore.Batches)).Select(r => r with { Key = r.Key with { MachineFingerprint = "other" } });
        PlanScript.Run(request, OneCore, measurer, known: foreign);
        Assert.Equal(OneCore.Configurations, measurer.Asked);
    }

    [Fact]
    public void Run_OfflineAllKnown_MeasuresNothingAndSaysNotRun()
    {
        var request = PlanScript.Request() with { Offline = true };
        var measurer = new ScriptedMeasurer(request, PlanScript.Affine);
        var validator = new ScriptedValidator(double.MaxValue);
        var known = OneCore.Configurations.SelectMany(c => measurer.Rows(c, OneCore.Batches)).ToArray();
        var outcome = PlanScript.Run(request, OneCore, measurer, validator, known);
        Assert.Empty(measurer.Asked);
        Assert.Empty(validator.Runs);
        Assert.Empty(outcome.Attempts);
        Assert.Equal(Verdict.NotRun, outcome.Plan.Validated.Verdict);
        Assert.True(outcome.Plan.Promise.Qps > 0);
    }

    [Fact]
    public void Run_OfflineNothingKnown_NamesWhatIsMissing()
    {
        var request = PlanScript.Request() with { Offline = true };
        var measurer = new ScriptedMeasurer(request, PlanScript.Affine);
        var thrown = Assert.Throws<MissingResourceException>(() => PlanScript.Run(request, OneCore, measurer));
        Assert.Contains("--profile", thrown.Message, StringComparison.Ordinal);
        Assert.Empty(measurer.Asked);
    }

    [Fact]
    public void Run_OfflineSomeKnown_PlansWithThose()
    {
        var request = PlanScript.Request() with { Offline = true };
        var measurer = new ScriptedMeasurer(request, PlanScript.Affine);
        var plan = PlanScript.Run(request, OneCore, measurer, known: measurer.Rows(OneCore.Configurations[1], OneCore.Batches)).Plan;
        Assert.Equal(OneCore.Configurations[1].Id(), plan.Paths[0].Id);
        Assert.Equal((1, 4), (plan.Provenance.Measured, plan.Provenance.Total));
        Assert.Empty(measurer.Asked);
    }

    [Fact]
    public void Run_OfflineOneBatchMissingEverywhere_StillPlans()
    {
        // A measuring budget that ended early leaves such profiles; a plan made right then rests on the same rows.
        var request = PlanScript.Request() with { Offline = true };
        var measurer = new ScriptedMeasurer(request, PlanScript.Affine);
        var known = OneCore.Configurations.SelectMany(c => measurer.Rows(c, [.. OneCore.Batches.SkipLast(1)]));
        var plan = PlanScript.Run(request, OneCore, measurer, known: known).Plan;
        Assert.Equal(4, plan.Provenance.Measured);
        Assert.Empty(measurer.Asked);
    }
}
