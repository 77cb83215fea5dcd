using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Planning;
using Rectune.Core.Search;
using Rectune.Core.Units;

namespace Rectune.Cli;

/// <summary><c>rectune plan</c>: measure, search, prove, write the plan.</summary>
internal static class PlanCommand
{
    private static readonly SettingOf<SlaChoice> Target = new(SlaChoice.Read)
    {
        Name = "sla",
        Metavar = "TARGET",
        Description = "Latency target such as p99=20ms; 'default' takes the model card's",
        Default = "default",
    };

    private static readonly SettingOf<double> Qps = new(SettingKinds.Rate)
    {
        Name = "qps",
        Metavar = "N",
        Description = "Fixed load, queries/s: find the cheapest plan that holds it",
        Otherwise = "the highest rate is looked for",
    };

    private static readonly SettingOf<SizesChoice> Sizes = new(SizesChoice.Read)
    {
        Name = "workload",
        Metavar = "SIZES",
        Description = $"Query sizes: {string.Join(", ", SizesChoice.Names)}",
        Default = SizesChoice.Names[0],
        Suggestions = SizesChoice.Names,
    };

    private static readonly SettingOf<ArrivalsChoice> Arrivals = new(ArrivalsChoice.Read)
    {
        Name = "arrivals",
        Metavar = "PROCESS",
        Description = $"How queries arrive: {string.Join(", ", ArrivalsChoice.Names)}",
        Default = ArrivalsChoice.Names[0],
        Suggestions = ArrivalsChoice.Names,
    };

    private static readonly SettingOf<string> Objective = new(SettingKinds.OneOf("correct", "goodput", "quality", "memory", "cost"))
    {
        Name = "objective",
        Metavar = "NAME",
        Description = "What the best plan maximises",
        Otherwise = "correct where every path's quality is known, else goodput",
    };

    private static readonly SettingOf<Duration> Budget = new(SettingKinds.Time)
    {
        Name = "budget",
        Metavar = "TIME",
        Description = "Time for measuring and validating; building and generating weights come on top",
        Default = PlanSimulation.UsualBudget.Exact(),
    };

    private static readonly SettingOf<IReadOnlyList<string>> Profiles = new(SettingKinds.List)
    {
        Name = "profile",
        Metavar = "PROFILE",
        Description = "Measurements made before: a folder of rectune profile, or a journal (.jsonl); may be given several times",
        Many = true,
        Otherwise = "this machine's folder below profiles/, and the journal beside the plan",
    };

    private static readonly SettingOf<string> Out = new(SettingKinds.Text)
    {
        Name = "out",
        Metavar = "FILE",
        Description = "Where the plan is written",
        Default = "plan.json",
    };

    private static readonly SettingOf<IReadOnlyList<Duration>> Sweep = new(ReadSweep)
    {
        Name = "sweep",
        Metavar = "sla=LIMITS",
        Description = "Limits such as sla=5ms,10ms,20ms: what would be chosen under each, predicted; writes no plan, and a table where --out ends in .csv",
        Otherwise = "one plan",
    };

    private static readonly SettingOf<string> Search = new(SettingKinds.OneOf([.. SearchStrategies.Names]))
    {
        Name = "search",
        Metavar = "NAME",
        Description = $"What is measured where the budget is too short for all paths: {string.Join(", ", SearchStrategies.Names)}; exhaustive measures all whatever the budget",
        Default = SearchStrategies.Improvement,
        Suggestions = SearchStrategies.Names,
    };

    private static readonly SettingOf<bool> Lossy = SettingKinds.Off("lossy", $"Let in paths whose scores change by more than {Planner.LossyScoreChange}");
    private static readonly SettingOf<bool> Explain = SettingKinds.Off("explain", "Say as well what service times of paths that were not measured are predicted by, and how well");
    private static readonly SettingOf<bool> NoCache = SettingKinds.Off("no-cache", "Measure everything anew, even what is known of this machine, model and runtime");
    private static readonly SettingOf<bool> Offline = SettingKinds.Off("offline", "Measure nothing and run nothing: known measurements only");
    private static readonly SettingOf<bool> DryRun = SettingKinds.Off("dry-run", "Print what would be measured, how long it takes and how much memory");

    /// <summary>What decides what a plan is, and not only where it is written or what is said of it: a plan records it.</summary>
    public static IReadOnlyList<Setting> Shaping { get; } =
        [.. ModelSettings.All, Target, Qps, Sizes, Arrivals, .. MeasuringSettings.Shaping, Objective, Budget, Search, Profiles, TableSettings.Folder, QualitySettings.Least, QualitySettings.Known, Lossy, NoCache, Offline];

    public static bool LossyOf(SettingValues values) => values.Get(Lossy);

    public static Duration BudgetOf(SettingValues values) => values.Get(Budget);

    public static IReadOnlyList<string> ProfilesOf(SettingValues values) => values.TryGet(Profiles, out var profiles) ? profiles : [];

    public static CommandDescription Create() => new()
    {
        Name = "plan",
        Summary = "Measure this machine, search, prove the winner under live load, and write plan.json.",
        Examples =
        [
            "rectune plan --model dlrm --sla p99=20ms",
            "rectune plan --model dlrm --sla p99=20ms --qps 300 --memory-max 1500MiB",
            "rectune plan --model dlrm --skew uniform --sla p99=20ms",
            "rectune plan --model dlrm --space mprec --sla p99=50ms --quality-min accuracy=0.789",
            "rectune plan --model dlrm --sweep sla=5ms,10ms,20ms,50ms --out sweep.csv",
            "rectune plan --model dlrm@mlperf-v1 --sla default --set representation=select,dhe(k=256,decoder=128)",
            "rectune plan --model dlrm --data clicks.tsv --sla p99=20ms --workload mlperf-dlrm",
        ],
        Settings = [.. ModelSettings.All, Target, Sweep, Qps, Sizes, Arrivals, .. MeasuringSettings.All, Objective, Budget, Search, Profiles, TableSettings.Folder, QualitySettings.Least, QualitySettings.Known, Lossy, Explain, NoCache, Offline, DryRun, Out],
        Run = Run,
    };

    private static int Run(Invocation invocation)
    {
        var options = Options(invocation.Values, invocation.Wiring);
        var terminal = invocation.Terminal;
        if (invocation.Values.TryGet(Sweep, out _) && invocation.Values.Of(Out).Source != SettingSource.BuiltIn && !SweepText.IsTable(options.Out))
        {
            throw new InvalidInputException("--out", $"found '{options.Out}' beside --sweep, which writes a table and no plan", "name a file that ends in .csv");
        }

        if (!invocation.Values.Get(DryRun))
        {
            FileText.RequireFolder(options.Out, SweepText.IsTable(options.Out) ? "the table" : "the plan");
        }

        terminal.Progress("reading the model and its candidates");
        using var job = PlanJob.Open(options, () => DevicesCommand.Detect(invocation.Wiring), invocation.Wiring.Time, invocation.Cancellation);
        terminal.EndProgress();
        PlanText.Defaults(terminal, invocation.Values, job, cardsTarget: options.Sla is null, invocation.Values.TryGet(Sweep, out var swept) ? swept : []);
        if (job.TakenOtherwise is { } otherwise)
        {
            terminal.Warning(otherwise);
        }

        if (invocation.Values.Get(DryRun))
        {
            return DryRunReport.Print(terminal, job, options, Planner.Searches(job.Request, job.Space, job.Unmeasured().Count));
        }

        if (MeasuringSettings.StrictOf(invocation.Values) && !options.Offline)
        {
            FitnessGate.Pass(job.Request.Machine, strict: true, terminal, invocation.Wiring);
        }

        PlanOutcome outcome;
        try
        {
            if (invocation.Values.TryGet(Sweep, out var limits))
            {
                var targets = limits.Select(limit => job.Request.Sla with { LimitMs = limit.Milliseconds }).ToArray();
                return SweepText.Conclude(terminal, job.Sweep(targets, terminal.Warning, new ProgressLine(terminal), invocation.Cancellation), options.Out);
            }

            outcome = job.Run(terminal.Warning, new ProgressLine(terminal), invocation.Cancellation);
        }
        catch (OperationCanceledException)
        {
            terminal.Message($"What was measured is kept in {PlanJob.JournalPath(options.Out)}; the same command goes on from there.");
            throw;
        }

        terminal.EndProgress();
        return Conclude(terminal, options, outcome, invocation.Values.Get(Explain), limitsMeasured: job.Request.Limits is not null);
    }

    private static int Conclude(Terminal terminal, PlanJobOptions options, PlanOutcome outcome, bool explain, bool limitsMeasured)
    {
        var verdict = outcome.Plan.Validated.Verdict;
        if (verdict == Verdict.Missed)
        {
            PlanText.Print(terminal, outcome);
            terminal.Error($"Live load refutes the plan: {outcome.Plan.Validated.Because}. Nothing was written; lower --qps or relax --sla.");
            return ExitCodes.Missed;
        }

        FileText.Write(options.Out, PlanFormat.Write(outcome.Plan), "the plan");
        terminal.Json(outcome.Plan);
        PlanText.Print(terminal, outcome);
        if (explain)
        {
            PlanText.PrintServiceTimes(terminal, outcome.ServiceTimes.Value, limitsMeasured: limitsMeasured);
        }

        terminal.Message(options.Offline
            ? $"written to {options.Out} for {outcome.Plan.Machines[0].Id}, predicted and not certified; next, on that machine: rectune verify {options.Out}, or plan without --offline"
            : $"written to {options.Out}; next: rectune apply {options.Out}");
        if (verdict != Verdict.Inconclusive)
        {
            return ExitCodes.Done;
        }

        if (outcome.Plan.Validated.Generator is { Limiting: true })
        {
            terminal.Error("the load generator was the bottleneck of the last live run; leave it more of the machine, or lower --qps.");
            return ExitCodes.GeneratorLimited;
        }

        var (validated, qps) = (outcome.Plan.Validated, outcome.Plan.Promise.Qps);
        var longer = validated.QueriesNeeded is { } needed ? $", about {Duration.FromSeconds(Math.Ceiling(needed / qps))} at this rate" : "";
        terminal.Warning($"the evidence does not decide: {validated.Because}{longer}. rectune verify {options.Out} gathers more, as does a larger --budget.");
        return ExitCodes.Inconclusive;
    }

    private static PlanJobOptions Options(SettingValues values, Wiring wiring) => new()
    {
        Launching = wiring.Launching,
        Launches = MeasuringSettings.LaunchesOf(values),
        Model = ModelSettings.Of(values),
        Sla = values.Get(Target).Sla,
        Qps = values.TryGet(Qps, out var qps) ? qps : null,
        Objective = values.TryGet(Objective, out var objective) ? objective : null,
        MemoryMax = MeasuringSettings.MemoryMaxOf(values),
        Load = QueryLoad.Open(values.Get(Arrivals), values.Get(Sizes)),
        DataFile = MeasuringSettings.DataOf(values),
        Skew = MeasuringSettings.SkewOf(values),
        Profiles = ProfilesOf(values),
        Space = MeasuringSettings.SpaceOf(values),
        Knobs = MeasuringSettings.KnobsOf(values),
        TableFolder = TableSettings.Of(values),
        Budget = BudgetOf(values),
        Seed = MeasuringSettings.SeedOf(values),
        Search = values.Get(Search),
        QualityMin = card => QualitySettings.LeastOf(values, card),
        Qualities = QualitySettings.KnownOf(values),
        Lossy = LossyOf(values),
        Offline = values.Get(Offline),
        NoCache = values.Get(NoCache),
        Asked = PlanArguments.Of(values),
        Out = values.Get(Out),
    };

    private static IReadOnlyList<string> ReadSweep(string text, out IReadOnlyList<Duration> value)
    {
        const string Knob = "sla=";
        value = [];
        return text.StartsWith(Knob, StringComparison.Ordinal)
            ? SettingKinds.ListOf<Duration>(SettingKinds.Time)(text[Knob.Length..], out value)
            : [$"found '{text}', expected latency limits such as sla=5ms,10ms,20ms"];
    }

    /// <summary>One line that says what is done, how far it is and what is left.</summary>
    private sealed class ProgressLine(Terminal terminal) : IProgress<PlanningProgress>
    {
        public void Report(PlanningProgress value)
        {
            var left = value.RemainingSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $", about {seconds:F0} s left") : "";
            terminal.Progress(string.Create(CultureInfo.InvariantCulture, $"{100 * value.Fraction,3:F0} %  {value.Stage}{left}"));
        }
    }
}
