using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Planning;
using Rectune.Core.Search;
using Rectune.Core.Workloads;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Planning;

public sealed class PlannerTests
{
    private static readonly SearchSpace OneCore = SearchSpace.ForCpu(1);
    private static readonly SearchSpace TwoCores = SearchSpace.ForCpu(2);

    [Theory]
    [InlineData("table-fp32-cpu-i2-t1")]
    [InlineData("table-fp16-cpu-i1-t2")]
    [InlineData("table-int8-cpu-i2-t1")]
    public void Run_OnePathFastestByConstruction_IsChosen(string fastest)
    {
        // On two cores per instance-second everything takes the same work; only the fastest needs 30 % less of it.
        var request = PlanScript.Request();
        string[] rivals = ["table-fp32-cpu-i1-t1", "table-fp32-cpu-i2-t1", "table-fp16-cpu-i1-t2", "table-int8-cpu-i2-t1"];
        var measurer = new ScriptedMeasurer(
            request, (c, batch) => (c.Id() == fastest ? 0.7 : 1) * (c.Threads == 2 ? 0.5 : 1) * PlanScript.Affine(c, batch))
        { Works = c => rivals.Contains(c.Id()) };
        var outcome = PlanScript.Run(request, TwoCores, measurer);
        var plan = outcome.Plan;
        Assert.Equal(fastest, plan.Paths.Single().Id);
        Assert.Equal(Verdict.Met, plan.Validated.Verdict);
        Assert.Equal(4, outcome.Considered.Count);
        Assert.Equal(fastest, Assert.Single(outcome.Considered, e => e.Chosen).PathId);
        Assert.Equal(4, plan.Provenance.Measured);

        // Work sets the bound: instances × samples/µs at the largest batch, over 64 samples a query. The knee comes close
        // to it; a certificate from some thousand correlated queries lies well below.
        var bound = 2 / (0.7 * PlanScript.Affine(null!, 1024) / 1024) * 1e6 / 64;
        Assert.InRange(plan.Promise.Qps, 0.4 * bound, bound);
        Assert.InRange(plan.CapacityQps.Value, 0.75 * bound, bound);
    }

    [Fact]
    public void Run_MeasuredOnce_PlanIsReadableAndItsFrontierExplained()
    {
        var plan = PlanScript.Run(PlanScript.Request(), OneCore, new ScriptedMeasurer(PlanScript.Request(), PlanScript.Affine)).Plan;
        Assert.Equal(PlanFormat.Write(plan), PlanFormat.Write(PlanFormat.Read(PlanFormat.Write(plan), "plan.json")));
        Assert.Equal(plan.Paths[0].Id, plan.Frontier[0].PathId);
        Assert.Equal([plan.Frontier[0]], plan.Frontier.Where(e => e.Chosen));
        Assert.All(plan.Frontier, entry => Assert.NotEmpty(entry.Why));

        // fp32, the least score change, is chosen among equals; the smaller ones are on the front for their memory.
        Assert.Equal("table-fp32-cpu-i1-t1", plan.Paths[0].Id);
        Assert.Equal(["table-int4-cpu-i1-t1"], plan.Frontier.Skip(1).Select(e => e.PathId));
        Assert.Equal(plan.Promise.Qps, plan.Predicted.OfferedQps, 1e-4 * plan.Promise.Qps);
        Assert.True(plan.Predicted.P99Ms!.High <= 20);
        Assert.InRange(plan.Predicted.GoodputQps.Value, 0.98 * plan.Promise.Qps, 1.02 * plan.Promise.Qps);
    }

    [Fact]
    public void Run_SameInputs_GiveTheSamePlanApartFromItsDate()
    {
        var texts = new List<string>();
        foreach (var hour in new[] { 1, 2 })
        {
            var clock = new StillClock(new DateTimeOffset(2026, 1, 1, hour, 0, 0, TimeSpan.Zero));
            var plan = PlanScript.Run(PlanScript.Request(), OneCore, new ScriptedMeasurer(PlanScript.Request(), PlanScript.Affine), clock: clock).Plan;
            Assert.Equal($"2026-01-01T0{hour}:00:00Z", plan.Provenance.Date);
            texts.Add(PlanFormat.Write(PlanFormat.Seal(plan with { Provenance = plan.Provenance with { Date = "", WallTimeS = 0 } })));
        }

        Assert.Equal(texts[0], texts[1]);
    }

    [Fact]
    public void Sweep_FixedLoad_TakesTheCheapestUnderEachTargetThoughATighterOneTookMore()
    {
        // A query of 64 samples takes 0.37 ms: one core certifies 1,500 a second inside 80 ms, and not inside 1.2 ms.
        var request = PlanScript.Request() with { Qps = 1500 };
        var swept = PlanScript.Planner(new ScriptedMeasurer(request, PlanScript.Affine)).Sweep(
            request, TwoCores, [], [request.Sla with { LimitMs = 1.2 }, request.Sla with { LimitMs = 80 }], CancellationToken.None);
        Assert.Equal((2, 1), (swept[0].Best!.Cores, swept[1].Best!.Cores));
        Assert.All(swept, entry => Assert.InRange(entry.Best!.PromiseQps.Value, 1500, double.MaxValue));
    }

    [Theory]
    [InlineData("improvement")]
    [InlineData("random")]
    [InlineData("grid")]
    public void Run_BudgetTooShortForAll_MeasuresNoMoreThanItAllows(string search)
    {
        // Of 24 paths 12 can be measured at all of 7 batches in 0.3 · 22.5 s, 0.08 s each; the fastest is the fastest in every knob.
        var request = PlanScript.Request() with { BudgetSeconds = 22.5, Search = search };
        var measurer = new ScriptedMeasurer(
            request, (c, batch) => (c.TablePrecision == TablePrecision.Int8 ? 0.8 : 1) * (c.DensePrecision == DensePrecision.Int8 ? 0.7 : 1) * (c.Threads == 2 ? 0.6 : 1) * PlanScript.Affine(c, batch));
        var space = SearchSpace.ForCpu(2, new SpaceKnobs().With("dense-precision=fp32,int8", PlanScript.Card));
        Assert.Equal(24, space.Configurations.Count);
        var plan = PlanScript.Run(request, space, measurer).Plan;
        Assert.Equal((measurer.Asked.DistinctBy(c => c.Id()).Count(), 24), (plan.Provenance.Measured, plan.Provenance.Total));
        Assert.InRange(measurer.Measurements, search == "improvement" ? 20 : 84, 84);
        if (search == "improvement")
        {
            // It looks at more paths than could be measured in full, and may end before the budget does.
            Assert.InRange(plan.Provenance.Measured, 8, 24);
            Assert.Equal("table-int8-dense.int8-cpu-i2-t1", plan.Paths[0].Id);
        }
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("memory", null)]
    [InlineData(null, 900.0)]
    public void Run_ManyPathsThatOthersBeat_ChoosesAsIfAllWereSimulatedAtLength(string? objective, double? qps)
    {
        var request = PlanScript.Request() with { Offline = true, Objective = objective, Qps = qps };
        var space = SearchSpace.ForCpu(2, new SpaceKnobs().With("dense-precision=fp32,int8", PlanScript.Card));
        var measurer = new ScriptedMeasurer(
            request, (c, batch) => (c.TablePrecision == TablePrecision.Int8 ? 0.8 : 1) * (c.DensePrecision == DensePrecision.Int8 ? 0.7 : 1) * (c.Threads == 2 ? 0.6 : 1) * PlanScript.Affine(c, batch));
        var rows = space.Configurations.ToDictionary(c => c.Id(), c => measurer.Rows(c, space.Batches).ToArray());
        var plan = PlanScript.Run(request, space, measurer, known: rows.Values.SelectMany(r => r)).Plan;

        var evaluator = new PathEvaluator(request, space);
        var machine = new MachineSpread(rows.Values.SelectMany(r => r));
        var all = new PathChoice(request, [.. space.Configurations.AsParallel().AsOrdered().Select(c =>
        {
            var curve = ServiceCurveFit.From(rows[c.Id()], machine);
            return evaluator.Evaluate(c, curve, rows[c.Id()].Max(row => row.MaxScoreChange), evaluator.Screen(c, curve));
        })]);
        Assert.Equal(all.Ranked[0].Configuration.Id(), plan.Paths[0].Id);
        Assert.Equal(all.Frontier(all.Ranked[0]).Select(entry => (entry.PathId, entry.PromiseQps)), plan.Frontier.Select(entry => (entry.PathId, entry.PromiseQps)));
    }

    [Theory]
    [InlineData("bursty:3,0.1,100ms")]
    [InlineData("bursty:3,0.1,1h")]
    [InlineData("diurnal:1.5,24h")]
    public void Run_RatesThatChangeHoweverSlowly_PromisesWhatItsOwnPredictionHolds(string arrivals)
    {
        Assert.True(ArrivalCatalog.TryParse(arrivals, out var process, out _));
        var request = PlanScript.Request() with { Offline = true, Arrivals = process };
        var space = SearchSpace.ForCpu(1);
        var measurer = new ScriptedMeasurer(request, PlanScript.Affine);
        var plan = PlanScript.Run(request, space, measurer, known: space.Configurations.SelectMany(c => measurer.Rows(c, space.Batches))).Plan;
        Assert.InRange(plan.Predicted.OverLimitShare.Value, 0, request.Sla.AllowedShare());
        var steady = PlanScript.Run(request with { Arrivals = new PoissonArrivals() }, space, measurer, known: space.Configurations.SelectMany(c => measurer.Rows(c, space.Batches))).Plan;
        Assert.InRange(plan.Promise.Qps, 0.02 * steady.Promise.Qps, 0.95 * steady.Promise.Qps);
    }

    [Theory]
    [InlineData(99.0, false)]
    [InlineData(99.9, true)]
    [InlineData(97.0, true)]
    public void Run_TargetOfAnotherPercentile_PredictsThatOneToo(double percentile, bool ofItsOwn)
    {
        var request = PlanScript.Request();
        request = request with { Sla = request.Sla with { Percentile = percentile } };
        var predicted = PlanScript.Run(request, OneCore, new ScriptedMeasurer(request, PlanScript.Affine)).Plan.Predicted;
        Assert.Equal(ofItsOwn, predicted.TargetMs is not null);
        if (predicted.TargetMs is { } own)
        {
            Assert.Equal(percentile > 99, own.Value > predicted.P99Ms!.Value);
            Assert.InRange(own.Value, predicted.P50Ms!.Value, request.Sla.LimitMs);
        }
    }

    [Fact]
    public void Run_RareTail_PromisesNoLessUnderALooserLimit()
    {
        var request = PlanScript.Request() with { Offline = true };
        double[] promises = [.. new[] { 10.0, 20, 40 }.Select(limit => Promise(99.9, limit))];
        Assert.True(promises[1] >= 0.8 * promises[0] && promises[2] >= 0.8 * promises[1], string.Join(", ", promises));

        // Ten times as many queries are simulated, so that a p99.9 is not a matter of a single one.
        Assert.InRange(promises[1], 0.3 * Promise(99, 20), Promise(99, 20));

        double Promise(double percentile, double limitMs)
        {
            var asked = request with { Sla = new Sla { Percentile = percentile, LimitMs = limitMs } };
            var measurer = new ScriptedMeasurer(asked, PlanScript.Affine) { Works = c => c.TablePrecision == TablePrecision.Fp32 };
            return PlanScript.Run(asked, OneCore, measurer, known: OneCore.Configurations.SelectMany(c => measurer.Rows(c, OneCore.Batches))).Plan.Promise.Qps;
        }
    }

    [Fact]
    public void Run_ExhaustiveSearch_MeasuresAllWhateverTheBudget()
    {
        var request = PlanScript.Request() with { BudgetSeconds = 1, Search = "exhaustive" };
        var measurer = new ScriptedMeasurer(request, PlanScript.Affine);
        Assert.Equal(TwoCores.Configurations.Count, PlanScript.Run(request, TwoCores, measurer).Plan.Provenance.Measured);
    }

    [Fact]
    public void Run_EverythingFailsThatASearchTries_GoesOnAndSaysWhy()
    {
        var request = PlanScript.Request() with { BudgetSeconds = 10 };
        var thrown = Assert.Throws<MissingResourceException>(() => PlanScript.Run(request, TwoCores, new ScriptedMeasurer(request, PlanScript.Affine) { Works = _ => false }));
        Assert.Contains("out of order", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sweep_SeveralTargets_MeasuresOnceAndAnswersEachAsAPlanWouldOffline()
    {
        var request = PlanScript.Request();
        var journal = new PlanScript.Journal();
        Sla[] targets = [request.Sla with { LimitMs = 1e-3 }, request.Sla, request.Sla with { LimitMs = 80 }];
        var swept = PlanScript.Planner(new ScriptedMeasurer(request, PlanScript.Affine), journal: journal).Sweep(request, OneCore, [], targets, CancellationToken.None);
        Assert.Equal(OneCore.Configurations.Count * OneCore.Batches.Count, journal.Rows.Count);
        Assert.Equal(targets, swept.Select(entry => entry.Sla));
        Assert.Equal(("latency", null), (swept[0].WhyNone!.Binding, swept[0].Best));
        var plan = PlanScript.Run(request with { Offline = true }, OneCore, new ScriptedMeasurer(request, PlanScript.Affine), known: journal.Rows).Plan;
        Assert.Equal(plan.Frontier[0].PromiseQps, swept[1].Best!.PromiseQps);
        Assert.Equal(plan.CapacityQps, swept[1].CapacityQps);
        Assert.InRange(swept[2].Best!.PromiseQps.Value, swept[1].Best!.PromiseQps.Value, double.MaxValue);
    }

    [Fact]
    public void Run_FixedLoad_TakesTheFewestCoresThatHoldIt()
    {
        // One core promises about 2,600 queries/s; two promise twice that and are not needed for 1,000.
        var request = PlanScript.Request() with { Qps = 1000 };
        string[] rivals = ["table-fp32-cpu-i1-t1", "table-fp16-cpu-i1-t1", "table-fp16-cpu-i2-t1"];
        var measurer = new ScriptedMeasurer(request, PlanScript.Affine) { Works = c => rivals.Contains(c.Id()) };
        var validator = new ScriptedValidator(double.MaxValue);
        var plan = PlanScript.Run(request, TwoCores, measurer, validator).Plan;
        Assert.Equal("table-fp16-cpu-i1-t1", plan.Paths[0].Id);
        Assert.Equal(1000, plan.Promise.Qps);
        Assert.Equal(1000, Assert.Single(validator.Runs).Qps);
    }

    [Fact]
    public void Run_LossyPathIsFastest_IsLeftOutUnlessAllowed()
    {
        static double Faster(Configuration c, int batch) => (c.TablePrecision == TablePrecision.Int8 ? 0.5 : 1) * PlanScript.Affine(c, batch);
        static double? Change(TablePrecision p) => p is TablePrecision.Int8 or TablePrecision.Int4 ? 0.03 : 0;
        var request = PlanScript.Request();
        var strict = PlanScript.Run(request, OneCore, new ScriptedMeasurer(request, Faster) { ScoreChange = Change }).Plan;
        Assert.Equal("table-fp16-cpu-i1-t1", strict.Paths[0].Id);
        Assert.Contains(strict.Frontier, e => e.PathId == "table-int8-cpu-i1-t1" && e.Why.Contains("--lossy", StringComparison.Ordinal));
        var lossy = PlanScript.Run(request with { Lossy = true }, OneCore, new ScriptedMeasurer(request, Faster) { ScoreChange = Change }).Plan;
        Assert.Equal("table-int8-cpu-i1-t1", lossy.Paths[0].Id);
        Assert.Equal(0.03, lossy.Paths[0].MaxScoreChange);
    }

    [Fact]
    public void Run_SomeConfigurationsFail_PlansWithTheRestAndSaysWhy()
    {
        var request = PlanScript.Request();
        var journal = new PlanScript.Journal();
        var planner = PlanScript.Planner(new ScriptedMeasurer(request, PlanScript.Affine) { Works = c => c.TablePrecision == TablePrecision.Int8 }, journal: journal);
        var plan = planner.Run(request, OneCore, [], CancellationToken.None).Plan;
        Assert.Equal("table-int8-cpu-i1-t1", plan.Paths[0].Id);
        Assert.Equal(["table-fp32-cpu-i1-t1: out of order", "table-fp16-cpu-i1-t1: out of order", "table-int4-cpu-i1-t1: out of order"], planner.Failures);
        Assert.Equal(planner.Failures, journal.Failures);
        Assert.Equal(OneCore.Batches.Count, journal.Rows.Count);
    }

    [Fact]
    public void Run_EveryConfigurationFails_NamesTheFirstReason()
    {
        var request = PlanScript.Request();
        var thrown = Assert.Throws<MissingResourceException>(
            () => PlanScript.Run(request, OneCore, new ScriptedMeasurer(request, PlanScript.Affine) { Works = _ => false }));
        Assert.Contains("table-fp32-cpu-i1-t1: out of order", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_MemoryLimitExcludesSome_TotalStillCountsTheWholeSpace()
    {
        // fp32 tables of 2.56 GB do not fit 2 GB, the others do.
        var request = PlanScript.Request() with { MemoryLimitBytes = 2_000_000_000 };
        var measurer = new ScriptedMeasurer(request, PlanScript.Affine);
        var plan = PlanScript.Run(request, OneCore, measurer).Plan;
        Assert.Equal([TablePrecision.Fp16, TablePrecision.Int8, TablePrecision.Int4], measurer.Asked.Select(c => c.TablePrecision));
        Assert.Equal(TablePrecision.Fp16, plan.Paths[0].Configuration.TablePrecision);
        Assert.InRange(plan.Paths[0].MemoryBytes, 1, 2_000_000_000);
        Assert.Equal(3, plan.Provenance.Measured);
        Assert.Equal(4, plan.Provenance.Total);
    }

    [Fact]
    public void Run_ScoresNotCompared_QualityDoesNotSpeakOfNaN()
    {
        var request = PlanScript.Request();
        request = request with
        {
            Model = request.Model with { Card = request.Model.Card with { Quality = new Quality { Metric = "accuracy", Value = 0.75, Source = Provenance.Published, Where = "tests" } } },
        };
        request = request with { Model = request.Model with { Sha256 = CardFormat.Sha256(request.Model.Card) } };
        var measurer = new ScriptedMeasurer(request, PlanScript.Affine) { ScoreChange = _ => null, Works = c => c.TablePrecision == TablePrecision.Fp16 };
        var quality = PlanScript.Run(request, OneCore, measurer).Plan.Paths[0].Quality;
        Assert.Equal((0.75, Provenance.Assumed), (quality.Value, quality.Source));
        Assert.Equal("as fp32 tables (tests): scores were not compared", quality.Where);
    }

    [Fact]
    public void Run_Cancelled_Ends()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        var request = PlanScript.Request();
        var planner = PlanScript.Planner(new ScriptedMeasurer(request, PlanScript.Affine));
        Assert.Throws<OperationCanceledException>(() => planner.Run(request, OneCore, [], cancel.Token));
    }
}
