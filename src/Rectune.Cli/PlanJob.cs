using Rectune.Core.Domain;
using Rectune.Core.Planning;
using Rectune.Core.Search;
using Rectune.Core.Units;
using Rectune.Engine.Hardware;
using Rectune.Engine.Limits;
using Rectune.Engine.Profiling;
using Rectune.Engine.Validation;

namespace Rectune.Cli;

/// <summary>Wires measuring, planning and validating of one model on this machine.</summary>
internal sealed class PlanJob : IDisposable
{
    /// <summary>Kept free beside the tables: buffers, candidates, the process itself, bytes.</summary>
    private const long Reserve = 1L << 30;

    private readonly PlanJobOptions options;
    private readonly Workbench bench;
    private readonly TimeProvider clock;
    private readonly bool isThisMachine;
    private readonly Lazy<MeasurementRow[]> knownRows;
    private readonly Lazy<MeasurementBook> known;

    private PlanJob(PlanJobOptions options, Workbench bench, bool isThisMachine, TimeProvider clock)
    {
        this.options = options;
        this.bench = bench;
        this.isThisMachine = isThisMachine;
        this.clock = clock;
        knownRows = new Lazy<MeasurementRow[]>(() => options.NoCache ? [] : [.. ReadKnown()]);
        known = new Lazy<MeasurementBook>(Answering);
        if (options.Launching is not null)
        {
            // What a killed run left in memory would count as taken.
            LaunchScratch.Sweep();
        }

        Request = CreateRequest();
        var knobs = MeasuringSettings.KnobsFor(options.Space, options.Knobs, bench.Model.Card, bench.Machine, Request.MemoryLimitBytes);
        if (knobs.Placements.Contains(TablePlacement.Mapped) && options.TableFolder is null)
        {
            throw new InvalidInputException("--set placement", $"found '{TablePlacement.Mapped}', but no folder for the files of mapped tables", "name one with --tables DIR");
        }

        Space = SearchSpace.ForCpu(bench.Machine.Cpu.Cores, knobs, bench.Model.Card);
        if (Space.Configurations.Count == 0)
        {
            throw new InvalidInputException(
                "--set", $"found nothing to search: no division of {bench.Machine.Cpu.Cores} cores has so many instances and threads", "leave out instances or threads");
        }

        if (bench.Workload.Skew.Kind == SkewKind.Data && Space.Configurations.Any(configuration => configuration.Centroids is not null))
        {
            throw new InvalidInputException(
                "--set centroids",
                "found centroids for the ids of a click log: serving reads none, and could not choose the ones whose score change is measured here",
                "leave them out, or plan with --skew in place of --data");
        }

        if (Space.BatchLimits.Count == 0)
        {
            throw new InvalidInputException("--set", $"found no max-batch that holds a split and is measured (up to {Space.LargestBatch} samples)", "widen max-batch, narrow split, or measure larger batches");
        }
    }

    public PlanRequest Request { get; }

    public SearchSpace Space { get; }

    /// <summary>What is already known of this request.</summary>
    public MeasurementBook Known => known.Value;

    /// <summary>What is to be said of known measurements that were taken in another way; null where there are none.</summary>
    public string? TakenOtherwise => Known.TakenOtherwise == 0
        ? null
        : FormattableString.Invariant($"known measurements that were taken in another way than is measured now (protocol {Request.Machine.Runtime.Measuring ?? 1}): {Known.TakenOtherwise}; they are not mixed with others, and {(options.Offline ? "count only once they are taken again: rectune profile" : "what is needed of them is measured again")}");

    /// <summary>Reads the model and the candidates. Planning offline from a profile's folder is planning for the machine that it was measured on.</summary>
    public static PlanJob Open(PlanJobOptions options, Func<Machine> detect, TimeProvider clock, CancellationToken cancellation)
    {
        if (options is { Offline: true, NoCache: true })
        {
            throw new InvalidInputException("--no-cache", "found beside --offline: nothing would be known and nothing measured", "leave out one of them");
        }

        var profiled = options.Offline ? ProfileFolder.MachineOf(options.Profiles) : null;
        var opened = Workbench.ForPlanning(
            options.Model, options.DataFile, options.Skew, options.Load, options.Seed, profiled ?? detect(), options.TableFolder, cancellation);
        return new PlanJob(options, opened, profiled is null, clock);
    }

    /// <summary>Measures what is unknown, searches, and validates.</summary>
    public PlanOutcome Run(Action<string> warn, IProgress<PlanningProgress> progress, CancellationToken cancellation) =>
        WithPlanner(warn, progress, (planner, rows) => planner.Run(WithWakeUp(), Space, rows, cancellation));

    /// <summary>Measures what is unknown and says what would be chosen under each target.</summary>
    public IReadOnlyList<SweepEntry> Sweep(IReadOnlyList<Sla> targets, Action<string> warn, IProgress<PlanningProgress> progress, CancellationToken cancellation) =>
        WithPlanner(warn, progress, (planner, rows) => planner.Sweep(WithWakeUp(), Space, rows, targets, cancellation));

    /// <summary>Measures what is unknown of the space and nothing else; returns what was measured, each part that a process took for itself.</summary>
    public IReadOnlyList<MeasurementRow> Profile(MeasurementJournal journal, IProgress<ProfilingProgress> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var missing = Unmeasured();
        var collected = new Collected(journal, Known);
        if (missing.Count > 0)
        {
            WithMeasurer(progress, measurer => measurer.Measure(missing, Space.Batches, options.Budget.Seconds, collected, cancellation));
        }

        return collected.Rows;
    }

    /// <summary>Configurations that fit memory and are not known at every batch.</summary>
    public IReadOnlyList<Configuration> Unmeasured() => [.. Planner.FittingConfigurations(Request, Space).Where(c => !Known.Covers(c, Space.Batches))];

    public MeasurementJournal OpenJournal(string path, Action<string> warn) => MeasurementJournal.Open(path, Planner.Question(Request), clock, warn);

    /// <summary>Measurements of a plan lie beside it.</summary>
    public static string JournalPath(string planPath) => Path.ChangeExtension(planPath, ".measurements.jsonl");

    public void Dispose() => bench.Dispose();

    private PlanRequest CreateRequest()
    {
        var available = isThisMachine ? AvailableMemory.Bytes(new SystemFiles()) : null;
        var (limit, by) = (options.MemoryMax, available) switch
        {
            ({ } asked, { } free) when asked.Bytes <= free - Reserve => (asked.Bytes, "--memory-max"),
            (_, { } free) => (free - Reserve, $"available now, less {new ByteSize(Reserve)} for the process"),
            ({ } asked, null) => (asked.Bytes, "--memory-max"),
            (null, null) => (bench.Machine.MemoryBytes, "installed"),
        };
        var limits = options.Profiles.Append(ProfileFolder.Default(bench.Machine)).Select(profile => LimitsFile.Find(profile, bench.Machine)).FirstOrDefault(limits => limits is not null);
        return new PlanRequest
        {
            Model = bench.Model,
            Machine = bench.Machine,
            Sla = options.Sla ?? new Sla { Percentile = bench.Model.Card.Sla.Percentile, LimitMs = bench.Model.Card.Sla.LimitMs },
            Workload = bench.Workload,
            Qps = options.Qps,
            QualityMin = options.QualityMin(bench.Model.Card),
            Qualities = options.Qualities,
            Objective = options.Objective,
            MemoryLimitBytes = limit,
            MemoryLimitBy = by,
            Lossy = options.Lossy,
            Offline = options.Offline,
            BudgetSeconds = options.Budget.Seconds,
            Seed = options.Seed,
            Version = MachineDetector.RectuneVersion(),
            Asked = options.Asked,
            Arrivals = bench.Load.Arrivals,
            Sizes = bench.Load.Sizes,
            Search = options.Search,
            Limits = limits,
            WakeUpUs = limits?.WakeUpUs,
        };
    }

    /// <summary>Light load is mostly waking: measured where the machine's limits were not, if it is this machine.</summary>
    private PlanRequest WithWakeUp() =>
        Request.WakeUpUs is null && !options.Offline ? Request with { WakeUpUs = new MachineProbe(clock, new Progress<double>()).WakeUpUs(bench.Machine) } : Request;

    private T WithPlanner<T>(Action<string> warn, IProgress<PlanningProgress> progress, Func<Planner, IReadOnlyList<MeasurementRow>, T> use)
    {
        // Read before the journal is opened: a malformed one must not be added to. As they were taken: parts that others are missing from must be seen as such.
        var rows = knownRows.Value;
        if (options.Offline)
        {
            return use(new Planner(new NothingLive(), new NothingLive(), new NothingLive(), clock, progress), rows);
        }

        using var journal = OpenJournal(JournalPath(options.Out), warn);
        var measured = new MeasuringProgress(progress, Planner.MeasuringShare * options.Budget.Seconds, options.Budget.Seconds, clock);
        var validator = new LiveValidator(bench.Graphs, bench.Tables, bench.Pool, bench.Load.Arrivals, bench.Load.Sizes, options.Seed, clock, new LiveProgress(progress));
        T? answer = default;
        WithMeasurer(measured, measurer => answer = use(new Planner(measurer, validator, journal, clock, progress), rows));
        return answer!;
    }

    private MeasuredContext Context()
    {
        var question = Planner.Question(Request);
        return new MeasuredContext
        {
            Skew = question.Skew,
            ModelSha256 = question.ModelSha256,
            Weights = question.Weights,
            MachineFingerprint = question.MachineFingerprint,
            RuntimeFingerprint = question.RuntimeFingerprint,
        };
    }

    /// <summary>Runs with something that measures; what it keeps for its processes is gone afterwards.</summary>
    private void WithMeasurer(IProgress<ProfilingProgress> progress, Action<IPathMeasurer> use)
    {
        if (options.Launching is not { } program)
        {
            use(new PathProfiler(bench.Graphs, bench.Tables, bench.Pool, Context(), new ProfilerSettings { Operators = options.Operators }, clock, progress));
            return;
        }

        // Tables of this process, if there are any, would lie in the way of theirs.
        bench.Tables.Close();
        using var scratch = LaunchScratch.Create(Space.Configurations, bench.Model.Card, options.Launches, Request.MemoryLimitBytes);
        var request = new LaunchRequest
        {
            Model = bench.Model,
            Skew = bench.Workload.Skew,
            Seed = options.Seed,
            TableFolder = options.TableFolder,
            SharedFolder = scratch.SharedFolder,
            UnderWayFile = scratch.UnderWayFile,
            Question = Planner.Question(Request),
            Launch = LaunchPlace.At("", 1, 1),
            Configurations = [],
            Batches = [],
            Seconds = 0,
            CompareScores = true,
            Operators = options.Operators,
        };
        use(new LaunchedMeasurer(request, scratch.Launches, Known, program, clock, progress));
    }

    private MeasurementBook Answering()
    {
        var book = new MeasurementBook(Planner.Question(Request));
        foreach (var row in knownRows.Value)
        {
            book.Add(row);
        }

        return book;
    }

    private IEnumerable<MeasurementRow> ReadKnown()
    {
        var named = options.Profiles.SelectMany(profile => ProfileFolder.Rows(profile, options.Offline ? null : Request.Machine));
        string[] found = options.OnlyNamedProfiles ? [] : [ProfileFolder.Default(Request.Machine), JournalPath(options.Out)];
        return found.Where(ProfileFolder.Holds).SelectMany(profile => ProfileFolder.Rows(profile, expected: null)).Concat(named);
    }

    private sealed class Collected(MeasurementJournal journal, MeasurementBook book) : IMeasurementSink
    {
        public List<MeasurementRow> Rows { get; } = [];

        public void Measured(MeasurementRow row)
        {
            Rows.Add(row);
            journal.Measured(row);
            book.Add(row);
        }

        public void Failed(Configuration configuration, string why) => journal.Failed(configuration, why);
    }

    /// <summary>Live load as the last part of the whole.</summary>
    private sealed class LiveProgress(IProgress<PlanningProgress> whole) : IProgress<ValidationProgress>
    {
        public void Report(ValidationProgress value) => whole.Report(new PlanningProgress(
            FormattableString.Invariant($"live load at {value.Qps:F0} queries/s"),
            0.55 + (0.4 * value.Done / value.Replications),
            value.RemainingSeconds));
    }
}
