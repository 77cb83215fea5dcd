using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Planning;
using Rectune.Core.Search;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Planning;

/// <summary>The promise against scripted live load.</summary>
public sealed class PromiseProofTests
{
    private static readonly SearchSpace OneCore = SearchSpace.ForCpu(1);

    [Fact]
    public void Run_PredictionTooHigh_LowersThePromiseUntilItIsMet()
    {
        var predicted = Plan(double.MaxValue, out _).Promise.Qps;
        var hidden = 0.6 * predicted;
        var plan = Plan(hidden, out var validator);
        Assert.Equal(Verdict.Met, plan.Validated.Verdict);
        Assert.InRange(plan.Promise.Qps, 0.8 * hidden, hidden);
        Assert.Equal(plan.Promise.Qps, validator.Runs[^1].Qps);
        Assert.Equal(predicted, validator.Runs[0].Qps);
        Assert.All(validator.Runs.SkipLast(1), run => Assert.Equal(Verdict.Missed, run.Verdict));
        Assert.True(validator.Runs.Zip(validator.Runs.Skip(1)).All(pair => pair.First.Qps > pair.Second.Qps));
        Assert.Equal(plan.Promise.Qps, plan.Predicted.OfferedQps, 1e-4 * plan.Promise.Qps);
    }

    [Fact]
    public void Run_MissedAtEveryRate_PromisesLessThanAnyRefutedRateAsInconclusive()
    {
        var plan = Plan(0, out var validator);
        Assert.Equal(Verdict.Inconclusive, plan.Validated.Verdict);
        Assert.Null(plan.Validated.Measured);
        Assert.True(validator.Runs.Count > 1);
        Assert.True(plan.Promise.Qps < validator.Runs.Min(run => run.Qps));
        Assert.Contains("missed", plan.Validated.Because, StringComparison.Ordinal);
        Assert.NotNull(PlanFormat.Read(PlanFormat.Write(plan), "plan.json"));
    }

    [Fact]
    public void Run_EveryAttempt_GetsNoMoreThanTheTimeThatIsLeft()
    {
        var clock = StillClock.AtNewYear();
        var validator = new ScriptedValidator(0) { Clock = clock };
        var request = PlanScript.Request();
        var measurer = new ScriptedMeasurer(request, PlanScript.Affine) { Works = c => c.TablePrecision == TablePrecision.Fp32 };
        PlanScript.Run(request, OneCore, measurer, validator, clock: clock);
        var spent = 0.0;
        Assert.All(validator.Runs, run =>
        {
            Assert.InRange(run.Seconds, 1, request.BudgetSeconds - spent + 1e-6);
            spent += run.Seconds / 3;
        });
        Assert.True(validator.Runs.Count > 2);
    }

    [Fact]
    public void Run_InconclusiveThenMet_TakesTheLowerRate()
    {
        var calls = 0;
        var validator = new ScriptedValidator((_, _) => ++calls == 1 ? Verdict.Inconclusive : Verdict.Met);
        var plan = Plan(PlanScript.Request(), validator);
        Assert.Equal(Verdict.Met, plan.Validated.Verdict);
        Assert.InRange(plan.Promise.Qps, 0.85 * validator.Runs[0].Qps, 0.95 * validator.Runs[0].Qps);
    }

    [Fact]
    public void Run_GeneratorHeldUp_RepeatsTheSameRateBeforeLoweringThePromise()
    {
        var calls = 0;
        var validator = new ScriptedValidator((_, _) => ++calls == 1 ? Verdict.Inconclusive : Verdict.Met) { GeneratorOf = run => Generator(limiting: run == 1) };
        var plan = Plan(PlanScript.Request(), validator);
        Assert.Equal(Verdict.Met, plan.Validated.Verdict);
        Assert.Equal(2, validator.Runs.Count);
        Assert.Equal(validator.Runs[0].Qps, validator.Runs[1].Qps);
        Assert.Equal(validator.Runs[0].Qps, plan.Promise.Qps);
    }

    [Fact]
    public void Run_GeneratorHeldUpTwiceAtOneRate_LowersThePromise()
    {
        var calls = 0;
        var validator = new ScriptedValidator((_, _) => ++calls <= 2 ? Verdict.Inconclusive : Verdict.Met) { GeneratorOf = run => Generator(limiting: run <= 2) };
        var plan = Plan(PlanScript.Request(), validator);
        Assert.Equal(Verdict.Met, plan.Validated.Verdict);
        Assert.Equal(validator.Runs[0].Qps, validator.Runs[1].Qps);
        Assert.InRange(validator.Runs[2].Qps, 0.85 * validator.Runs[0].Qps, 0.95 * validator.Runs[0].Qps);
    }

    [Fact]
    public void Run_GeneratorHeldUpUntilTheBudgetIsOver_RepeatsOnceInAFewSeconds()
    {
        var clock = StillClock.AtNewYear();
        var validator = new ScriptedValidator((_, _) => Verdict.Inconclusive) { Clock = clock, ClockShare = 1, GeneratorOf = _ => Generator(limiting: true) };
        var request = PlanScript.Request();
        var plan = PlanScript.Run(request, OneCore, new ScriptedMeasurer(request, PlanScript.Affine), validator, clock: clock).Plan;
        Assert.Equal(2, validator.Runs.Count);
        Assert.InRange(validator.Runs[1].Seconds, 4, 10);
        Assert.Equal(validator.Runs[0].Qps, validator.Runs[1].Qps);
        Assert.True(plan.Validated.Generator!.Limiting);
    }

    [Fact]
    public void Run_FixedLoadMissedByTheCheapest_TriesTheNext()
    {
        var validator = new ScriptedValidator((path, _) => path.Configuration.TablePrecision == TablePrecision.Int4 ? Verdict.Missed : Verdict.Met);
        var plan = Plan(PlanScript.Request() with { Qps = 500 }, validator);
        Assert.Equal(["table-int4-cpu-i1-t1", "table-int8-cpu-i1-t1"], validator.Runs.Select(run => run.Path));
        Assert.Equal("table-int8-cpu-i1-t1", plan.Paths[0].Id);
        Assert.Equal((Verdict.Met, 500), (plan.Validated.Verdict, plan.Promise.Qps));
        Assert.Equal(plan.Paths[0].Id, plan.Frontier[0].PathId);
    }

    [Fact]
    public void Run_FixedLoadMissedByEveryPath_IsNotTriedAgainUntilItPasses()
    {
        // The fifth run would pass by luck.
        var calls = 0;
        var validator = new ScriptedValidator((_, _) => ++calls < 5 ? Verdict.Missed : Verdict.Met);
        var plan = Plan(PlanScript.Request() with { Qps = 500 }, validator);
        Assert.Equal(4, validator.Runs.Count);
        Assert.Equal((Verdict.Missed, 500), (plan.Validated.Verdict, plan.Promise.Qps));
    }

    [Fact]
    public void Run_UndecidableRate_IsLeftEarlyOnlyWhereALowerOneMayBeTried()
    {
        var free = new ScriptedValidator(double.MaxValue);
        var given = new ScriptedValidator(double.MaxValue);
        Plan(PlanScript.Request(), free);
        Plan(PlanScript.Request() with { Qps = 500 }, given);
        Assert.Equal([LoadLength.WhileItMayDecide], free.Lengths);
        Assert.Equal([LoadLength.UntilDecided], given.Lengths);
    }

    [Fact]
    public void Run_SmallFixedLoad_IsPromisedAsAsked()
    {
        var plan = Plan(PlanScript.Request() with { Qps = 0.04 }, new ScriptedValidator(double.MaxValue));
        Assert.Equal(0.04, plan.Promise.Qps);
        Assert.NotNull(PlanFormat.Read(PlanFormat.Write(plan), "plan.json"));
    }

    [Fact]
    public void Run_InterruptedUnderLiveLoad_GivesNoPlan()
    {
        using var cancel = new CancellationTokenSource();
        var validator = new ScriptedValidator((_, _) =>
        {
            cancel.Cancel();
            return Verdict.Inconclusive;
        });
        var request = PlanScript.Request();
        var planner = PlanScript.Planner(new ScriptedMeasurer(request, PlanScript.Affine), validator);
        Assert.Throws<OperationCanceledException>(() => planner.Run(request, OneCore, [], cancel.Token));
        Assert.Single(validator.Runs);
    }

    private static GeneratorReport Generator(bool limiting) =>
        new() { LatenessP50Us = 10, LatenessP99Us = 50_000, LatenessMaxUs = 80_000, CpuShare = 0.1, Limiting = limiting };

    private static Plan Plan(double hiddenQps, out ScriptedValidator validator)
    {
        validator = new ScriptedValidator(hiddenQps);
        return Plan(PlanScript.Request(), validator);
    }

    private static Plan Plan(PlanRequest request, ScriptedValidator validator) =>
        PlanScript.Run(request, OneCore, new ScriptedMeasurer(request, PlanScript.Affine) { Works = c => request.Qps is not null || c.TablePrecision == TablePrecision.Fp32 }, validator).Plan;
}
