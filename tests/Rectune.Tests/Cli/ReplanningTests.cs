using Newtonsoft.Json.Linq;
using Rectune.Cli;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Planning;
using Rectune.Core.Search;
using Rectune.Core.Units;
using Rectune.Engine.Serving.Http;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Cli;

/// <summary>A proposal for a plan of scripted measurements that lie in a journal beside it.</summary>
public sealed class ReplanningTests : IDisposable
{
    private static readonly SearchSpace OneCore = SearchSpace.ForCpu(1);

    private static readonly Lazy<Plan> Served = new(() => Planned(PlanScript.Affine));

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rectune-replan");
    private readonly StringWriter error = new() { NewLine = "\n" };
    private readonly StringWriter logged = new() { NewLine = "\n" };
    private readonly FormulaTarget target = new();
    private readonly StillClock clock = StillClock.AtNewYear();
    private readonly Terminal terminal;
    private readonly ServerLog log;
    private readonly List<ProposalRequest> asked = [];
    private long? free = PlanScript.Request().MemoryLimitBytes;

    public ReplanningTests()
    {
        terminal = new Terminal(TextWriter.Null, error, new TerminalStyle(), clock);
        log = new ServerLog(logged, clock);
    }

    private string PlanFile => Path.Combine(folder.FullName, "plan.json");

    private string Proposal => Path.Combine(folder.FullName, "plan.replanned.json");

    public void Dispose()
    {
        log.Dispose();
        target.Dispose();
        error.Dispose();
        logged.Dispose();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(1.5)]
    [InlineData(3.0)]
    [InlineData(0.6)]
    public async Task Hear_Drift_WritesThePlanThatTimesAsTheyAreNowMake(double ratio)
    {
        var plan = Served.Value;
        WriteJournal();
        using (var replanning = Replanning(plan))
        {
            target.Uses = [Uses.Of(100, Uses.Drift(DriftState.Slower, ratio))];
            replanning.Hear(Drift(plan, DriftState.Slower, ratio));
            await replanning.UnderWay;
        }

        Assert.True(File.Exists(Proposal), error.ToString());
        var proposed = PlanFormat.Read(File.ReadAllText(Proposal), "proposed");
        Assert.Equal((plan.Sla, plan.Objective, plan.Seed, plan.Model.Sha256), (proposed.Sla, proposed.Objective, proposed.Seed, proposed.Model.Sha256));
        Assert.Equal(Verdict.NotRun, proposed.Validated.Verdict);
        Assert.Equal(Provenance.Extrapolated, proposed.Paths[0].Service.Source);

        // The oracle: measured with runs that take so much longer, the question has the same answer.
        var direct = Planned((configuration, batch) => ratio * PlanScript.Affine(configuration, batch));
        Assert.Equal(direct.PathId(), proposed.PathId());
        Assert.Equal(direct.Promise.Qps, proposed.Promise.Qps, 0.03 * direct.Promise.Qps);
        Assert.Contains($"rectune diff {PlanFile} {Proposal}", error.ToString(), StringComparison.Ordinal);
        Assert.True(log.Flush());
        Assert.Equal(("plan-proposed", Proposal), ((string?)Line()["event"], (string?)Line()["file"]));
    }

    [Fact]
    public async Task Hear_OneEpisode_IsOneProposalAndTheNextWaitsForTenMinutes()
    {
        var plan = Served.Value;
        using var replanning = Replanning(plan, make: false);

        await Tell("a", DriftState.Slower);
        await Tell("b", DriftState.Slower);
        await Tell("a", DriftState.AsPlanned);
        await Tell("a", DriftState.Faster);
        Assert.Single(asked);

        await Tell("a", DriftState.AsPlanned);
        await Tell("b", DriftState.AsPlanned);
        clock.Advance(599);
        await Tell("a", DriftState.Slower);
        Assert.Single(asked);

        await Tell("a", DriftState.AsPlanned);
        clock.Advance(2);
        await Tell("a", DriftState.Slower);
        Assert.Equal(2, asked.Count);

        async Task Tell(string path, DriftState state)
        {
            replanning.Hear(new ServedDrift(path, Uses.Drift(state, 1.5)));
            await replanning.UnderWay;
        }
    }

    [Fact]
    public async Task Hear_DriftBeginsDuringTheCoolDown_IsProposedForWhenThatIsOverIfItStands()
    {
        var alarm = new AlarmClock();
        using var replanning = Replanning(Served.Value, make: false, alarm);
        await Tell("a", DriftState.Slower);
        await Tell("a", DriftState.AsPlanned);
        await Pass(100);
        await Tell("a", DriftState.Faster);
        await Pass(499);
        Assert.Single(asked);
        await Pass(1);
        Assert.Equal(2, asked.Count);

        // It was proposed for, and is not again while it stands.
        await Pass(700);
        Assert.Equal(2, asked.Count);
        await Tell("a", DriftState.AsPlanned);
        await Tell("a", DriftState.Slower);
        Assert.Equal(3, asked.Count);

        // One that ends before, and one of a plan that is not served any more, are not proposed for at all.
        await Tell("a", DriftState.AsPlanned);
        await Tell("b", DriftState.Slower);
        await Tell("b", DriftState.AsPlanned);
        await Pass(700);
        Assert.Equal(3, asked.Count);
        await Tell("b", DriftState.Slower);
        Assert.Equal(4, asked.Count);
        await Tell("b", DriftState.AsPlanned);
        await Tell("b", DriftState.Slower);
        replanning.Forget();
        await Pass(700);
        Assert.Equal(4, asked.Count);

        Task Tell(string path, DriftState state)
        {
            replanning.Hear(new ServedDrift(path, Uses.Drift(state, 1.5)));
            return replanning.UnderWay;
        }

        Task Pass(double seconds)
        {
            alarm.Advance(seconds);
            return replanning.UnderWay;
        }
    }

    [Fact]
    public async Task Hear_DriftBeginsWhileAProposalIsMadeForLong_IsProposedForAfterIt()
    {
        var alarm = new AlarmClock();
        using var made = new ManualResetEventSlim();
        using var replanning = Replanning(Served.Value, make: false, alarm, made);
        replanning.Hear(new ServedDrift("a", Uses.Drift(DriftState.Slower, 1.5)));
        var first = replanning.UnderWay;
        replanning.Forget();
        replanning.Hear(new ServedDrift("a", Uses.Drift(DriftState.Faster, 0.5)));
        alarm.Advance(700);
        Assert.Same(first, replanning.UnderWay);
        made.Set();
        await first;
        await replanning.UnderWay;
        Assert.Equal(2, asked.Count);
    }

    [Fact]
    public async Task Hear_SeveralPaths_RatioIsTheirGeometricMeanByRuns()
    {
        var plan = Served.Value;
        using var replanning = Replanning(plan, make: false);
        target.Uses = [Uses.Of(300, Uses.Drift(DriftState.Slower, 2)), Uses.Of(100, Uses.Drift(DriftState.AsPlanned, 1)), Uses.Of(0, Uses.Drift(DriftState.Unjudged, null))];
        replanning.Hear(Drift(plan, DriftState.Slower, 2));
        await replanning.UnderWay;

        Assert.Equal(Math.Pow(2, 0.75), Assert.Single(asked).Ratio, 1e-12);
        Assert.Contains(Path.Combine(folder.FullName, "plan.measurements.jsonl"), asked[0].Profiles);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("representation=table,dhe(k=64,decoder=32)", 64)]
    public async Task Hear_NothingThatWasMeasuredFitsBesideTheServedPlan_SaysWhatAnotherNeedsAndHowItIsServed(string? set, long freeMiB)
    {
        var plan = Served.Value with { Asked = set is null ? null : new Dictionary<string, string> { ["set"] = set } };
        WriteJournal();
        free = freeMiB << 20;
        using var replanning = Replanning(plan);
        target.Uses = [Uses.Of(100, Uses.Drift(DriftState.Slower, 1.5))];
        replanning.Hear(Drift(plan, DriftState.Slower, 1.5));
        await replanning.UnderWay;

        Assert.True(File.Exists(Proposal), error.ToString());
        var proposed = PlanFormat.Read(File.ReadAllText(Proposal), "proposed");
        var needed = proposed.Paths.Sum(path => path.MemoryBytes);
        Assert.InRange(needed, free.Value + 1, free.Value + plan.Paths.Sum(path => path.MemoryBytes));
        Assert.Contains(
            $"It needs {new ByteSize(needed)} of memory, and {freeMiB}MiB are free beside the plan that is served. Serve it: free {new ByteSize(needed - free.Value)}, mv {Proposal} {PlanFile}, then kill -HUP ",
            error.ToString(),
            StringComparison.Ordinal);
        Assert.True(log.Flush());
        Assert.Equal(needed - free.Value, (long?)Line()["missingBytes"]);
    }

    [Fact]
    public async Task Hear_AnotherPlanFitsBesideTheServed_IsPreferredToOneThatDoesNot()
    {
        // The served plan's question, allowed to change scores as much as it likes: rows of fewer bits are as fast.
        var plan = Served.Value;
        plan = plan with { Paths = [.. plan.Paths.Select(path => path with { MaxScoreChange = 1 })] };
        WriteJournal();
        free = plan.Paths.Sum(path => path.MemoryBytes) - 1;
        using var replanning = Replanning(plan);
        target.Uses = [Uses.Of(100, Uses.Drift(DriftState.Slower, 1.5))];
        replanning.Hear(Drift(plan, DriftState.Slower, 1.5));
        await replanning.UnderWay;

        var proposed = PlanFormat.Read(File.ReadAllText(Proposal), "proposed");
        Assert.InRange(proposed.Paths.Sum(path => path.MemoryBytes), 1, free.Value);
        var alone = PlanProposal.Of(asked[0] with { BesideBytes = asked[0].MemoryLimitBytes }, clock, CancellationToken.None);
        Assert.True(alone.Paths.Sum(path => path.MemoryBytes) > free, "the best of all fits beside as well");
        Assert.Contains($"Serve it: mv {Proposal} {PlanFile}, then kill -HUP ", error.ToString(), StringComparison.Ordinal);
        Assert.True(log.Flush());
        Assert.Equal(0, (long?)Line()["missingBytes"]);
    }

    [Fact]
    public async Task Hear_NoMeasurementsBesideThePlan_NamesTheCommandThatMakesAPlan()
    {
        var plan = Served.Value;
        using var replanning = Replanning(plan);
        replanning.Hear(Drift(plan, DriftState.Slower, 2));
        await replanning.UnderWay;

        Assert.False(File.Exists(Proposal));
        Assert.Contains(
            "rectune plan --model <the card of small> --sla p99=20ms --objective goodput --workload fixed:64 --arrivals poisson --skew zipf:1.05 --seed 1", error.ToString(), StringComparison.Ordinal);
        Assert.True(log.Flush());
        Assert.Equal("plan-not-proposed", (string?)Line()["event"]);
    }

    [Fact]
    public async Task Hear_NothingHoldsTheTargetAnyMore_SaysWhatBindsAndKeepsThePlan()
    {
        var plan = Served.Value;
        WriteJournal();
        using var replanning = Replanning(plan);
        target.Uses = [Uses.Of(100, Uses.Drift(DriftState.Slower, 2000))];
        replanning.Hear(Drift(plan, DriftState.Slower, 2000));
        await replanning.UnderWay;
        Assert.False(File.Exists(Proposal));
        Assert.Contains("error: ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void CommandLine_FixedLoadAndQuality_AreInIt()
    {
        var plan = Served.Value;
        plan = plan with { Promise = plan.Promise with { Qps = 120.5, FixedLoad = true }, Scheduler = plan.Scheduler with { QualityMin = 0.79 } };
        Assert.Contains("--qps 120.5 ", PlanProposal.CommandLine(plan), StringComparison.Ordinal);
        Assert.Contains("--quality-min accuracy=0.79 ", PlanProposal.CommandLine(plan), StringComparison.Ordinal);
    }

    [Fact]
    public void CommandLine_PlanThatRecordsItsCommand_IsThatCommandButMeasures()
    {
        var plan = Served.Value with { Asked = new Dictionary<string, string> { ["model"] = "dlrm", ["memoryMax"] = "8GiB", ["offline"] = "true", ["workload"] = "deeprecsys-prod" } };
        Assert.Equal("rectune plan --model dlrm --memory-max 8GiB", PlanProposal.CommandLine(plan));
    }

    [Theory]
    [InlineData(null, null, TablePrecision.Fp32, "")]
    [InlineData("memoryMax", "1400MiB", TablePrecision.Fp16, "")]
    [InlineData("set", "table-precision=fp16", TablePrecision.Fp16, "")]
    [InlineData("set", "representation=table,cache=16MiB", TablePrecision.Fp32, "among all paths that were measured: ")]
    [InlineData("space", "none.json", TablePrecision.Fp32, "among all paths that were measured: none.json: the search space does not exist")]
    public async Task Hear_WhatThePlansCommandWasTold_BindsTheProposalToo(string? name, string? value, TablePrecision expected, string note)
    {
        // Full precision is twice as fast, and the plan was made without it.
        static double MedianUs(Configuration configuration, int batch) => (configuration.TablePrecision == TablePrecision.Fp32 ? 1 : configuration.TablePrecision == TablePrecision.Fp16 ? 2 : 4) * PlanScript.Affine(configuration, batch);
        var plan = Planned(MedianUs, memoryLimitBytes: 1400L << 20) with { Asked = name is null ? null : new Dictionary<string, string> { [name] = value! } };
        Assert.Equal(TablePrecision.Fp16, plan.Paths[0].Configuration.TablePrecision);
        WriteJournal(MedianUs);
        using var replanning = Replanning(plan);
        target.Uses = [Uses.Of(100, Uses.Drift(DriftState.Slower, 1.5))];
        replanning.Hear(Drift(plan, DriftState.Slower, 1.5));
        await replanning.UnderWay;

        Assert.True(File.Exists(Proposal), error.ToString());
        var proposed = PlanFormat.Read(File.ReadAllText(Proposal), "proposed");
        Assert.Equal(expected, proposed.Paths[0].Configuration.TablePrecision);
        Assert.Contains(note, proposed.Validated.Because, StringComparison.Ordinal);
        Assert.Equal(plan.Asked, proposed.Asked);
    }

    [Fact]
    public async Task Hear_ProfilesThatThePlanNames_AreLookedIntoAsWell()
    {
        var plan = Served.Value with { Asked = new Dictionary<string, string> { ["profile"] = "a,b" } };
        using var replanning = Replanning(plan, make: false);
        replanning.Hear(Drift(plan, DriftState.Slower, 2));
        await replanning.UnderWay;
        Assert.Equal(["a", "b"], Assert.Single(asked).Profiles.Take(2));
    }

    private static ServedDrift Drift(Plan plan, DriftState state, double ratio) => new(plan.PathId(), Uses.Drift(state, ratio));

    private static Plan Planned(Func<Configuration, int, double> medianUs, long? memoryLimitBytes = null)
    {
        var request = PlanScript.Request();
        request = request with { MemoryLimitBytes = memoryLimitBytes ?? request.MemoryLimitBytes };
        var measurer = new ScriptedMeasurer(request, medianUs);
        var rows = OneCore.Configurations.SelectMany(c => measurer.Rows(c, OneCore.Batches)).ToArray();
        return PlanScript.Run(request with { Offline = true, BudgetSeconds = PlanSimulation.UsualBudget.Seconds }, OneCore, measurer, known: rows).Plan;
    }

    /// <param name="made">What a proposal waits for; null: nothing.</param>
    private Replanning Replanning(Plan plan, bool make = true, TimeProvider? time = null, ManualResetEventSlim? made = null) => new(
        PlanFile,
        () => plan,
        target,
        [],
        () => free,
        (request, cancellation) =>
        {
            asked.Add(request);
            made?.Wait(cancellation);
            return make ? PlanProposal.Of(request, clock, cancellation) : plan;
        },
        terminal,
        log,
        time ?? clock);

    private void WriteJournal(Func<Configuration, int, double>? medianUs = null)
    {
        var request = PlanScript.Request();
        using var journal = MeasurementJournal.Open(PlanJob.JournalPath(PlanFile), Planner.Question(request), clock, _ => { });
        foreach (var row in OneCore.Configurations.SelectMany(c => new ScriptedMeasurer(request, medianUs ?? PlanScript.Affine).Rows(c, OneCore.Batches)))
        {
            journal.Measured(row);
        }
    }

    private JObject Line() => JObject.Parse(logged.ToString().TrimEnd('\n').Split('\n')[^1]);
}
