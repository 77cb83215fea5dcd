using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Planning;
using Rectune.Core.Search;
using Rectune.Core.Units;
using Rectune.Core.Workloads;
using Rectune.Engine.Hardware;
using Rectune.Engine.Profiling;
using Rectune.Engine.Validation;

namespace Rectune.Cli;

/// <summary>Wires measuring, planning and validating of one model on this machine.</summary>
internal sealed class PlanJob : IDisposable
{
    /// <summary>Share of the budget that measuring may take; live load and the search share the rest.</summary>
    private const double MeasuringShare = 0.3;

    /// <summary>Kept free beside the tables: buffers, candidates, the process itself, bytes.</summary>
    private const long Reserve = 1L << 30;

    private readonly PlanJobOptions options;
    private readonly Workbench bench;
    private readonly TimeProvider clock;

    private PlanJob(PlanJobOptions options, Workbench bench, TimeProvider clock)
    {
        this.options = options;
        this.bench = bench;
        this.clock = clock;
        Request = CreateRequest();
        var knobs = Knobs();
        if (knobs.Placements.Contains(TablePlacement.Mapped) && options.TableFolder is null)
        {
            throw new InvalidInputException("--set placement", $"found '{TablePlacement.Mapped}', but no folder for the files of mapped tables", "name one with --tables DIR");
        }

        Space = SearchSpace.ForCpu(bench.Machine.Cpu.Cores, knobs);
        if (Space.Configurations.Count == 0)
        {
            throw new InvalidInputException(
                "--set", $"found nothing to search: no division of {bench.Machine.Cpu.Cores} cores has so many instances and threads", "leave out instances or threads");
        }
    }

    public PlanRequest Request { get; }

    public SearchSpace Space { get; }

    /// <summary>Reads the model and the candidates.</summary>
    public static PlanJob Open(PlanJobOptions options, Machine machine, TimeProvider clock, CancellationToken cancellation)
    {
        var opened = Workbench.ForPlanning(options.Model, options.DataFile, options.Skew, options.Sizes, options.Seed, machine, options.TableFolder, cancellation);
        return new PlanJob(options, opened, clock);
    }

    /// <summary>Measures what is unknown, searches, and validates.</summary>
    public PlanOutcome Run(Action<string> warn, IProgress<PlanningProgress> progress, CancellationToken cancellation)
    {
        var journalPath = JournalPath(options.Out);
        if (!options.Offline && !options.Resume && options.Profiles.Any(profile => Path.GetFullPath(profile) == Path.GetFullPath(journalPath)))
        {
            throw new InvalidInputException("--profile", $"found {journalPath}, which this run would start afresh", "add --resume to continue it, or choose another --out");
        }

        // Read before the journal is opened: a malformed profile must not cost the measurements of an earlier run.
        MeasurementRow[] given = [.. options.Profiles.SelectMany(ReadProfile)];
        using var journal = options.Offline ? null : MeasurementJournal.Open(journalPath, options.Resume, warn);
        var known = given.Concat(journal?.Rows ?? (File.Exists(journalPath) ? ReadProfile(journalPath) : []));
        var profilerProgress = new MeasuringProgress(progress, MeasuringShare, options.Budget.Seconds);
        var settings = new ProfilerSettings { Budget = TimeSpan.FromSeconds(options.Budget.Seconds * MeasuringShare) };
        var profiler = new PathProfiler(bench.Graphs, bench.Tables, bench.Pool, Context(), settings, clock, profilerProgress);
        if (!ArrivalCatalog.TryParse(bench.Workload.Arrivals, out var arrivals, out var problem))
        {
            throw new InvalidInputException("--arrivals", problem);
        }

        var validator = new LiveValidator(bench.Graphs, bench.Tables, bench.Pool, arrivals, bench.Sizes, options.Seed, clock, new LiveProgress(progress));
        var planner = new Planner(profiler, validator, journal is null ? new NoJournal() : journal, clock, progress);
        return planner.Run(Request, Space, known, cancellation);
    }

    /// <summary>What is already known of this request, without opening anything for writing.</summary>
    public MeasurementBook KnownMeasurements()
    {
        var book = new MeasurementBook(Planner.Question(Request));
        var beside = JournalPath(options.Out);
        var files = (options.Resume || options.Offline) && File.Exists(beside) ? options.Profiles.Append(beside) : options.Profiles;
        foreach (var row in files.SelectMany(ReadProfile))
        {
            book.Add(row);
        }

        return book;
    }

    /// <summary>Measurements of a plan lie beside it.</summary>
    public static string JournalPath(string planPath) => Path.ChangeExtension(planPath, ".measurements.jsonl");

    public void Dispose() => bench.Dispose();

    private PlanRequest CreateRequest()
    {
        var available = AvailableMemory.Bytes(new SystemFiles());
        var (limit, by) = (options.MemoryMax, available) switch
        {
            ({ } asked, { } free) when asked.Bytes <= free - Reserve => (asked.Bytes, "--memory-max"),
            (_, { } free) => (free - Reserve, $"available now, less {new ByteSize(Reserve)} for the process"),
            ({ } asked, null) => (asked.Bytes, "--memory-max"),
            (null, null) => (bench.Machine.MemoryBytes, "installed"),
        };
        return new PlanRequest
        {
            Model = bench.Model,
            Machine = bench.Machine,
            Sla = options.Sla ?? new Sla { Percentile = bench.Model.Card.Sla.Percentile, LimitMs = bench.Model.Card.Sla.LimitMs },
            Workload = bench.Workload,
            Qps = options.Qps,
            Objective = options.Objective,
            MemoryLimitBytes = limit,
            MemoryLimitBy = by,
            Lossy = options.Lossy,
            Offline = options.Offline,
            BudgetSeconds = options.Budget.Seconds,
            Seed = options.Seed,
            Version = MachineDetector.RectuneVersion(),
            Sizes = bench.Sizes,
        };
    }

    private SpaceKnobs Knobs()
    {
        var knobs = SpaceKnobs.Default(bench.Model.Card, bench.Machine.Cpu, Request.MemoryLimitBytes);
        foreach (var setting in options.Knobs)
        {
            knobs = knobs.With(setting, bench.Model.Card);
        }

        return knobs;
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

    private static IReadOnlyList<MeasurementRow> ReadProfile(string path) =>
        MeasurementFormat.ReadJournal(FileText.Read(path, "the profile"), path, out _);

    private sealed class NoJournal : IMeasurementSink
    {
        public void Measured(MeasurementRow row) => throw new InvalidOperationException("nothing is measured offline");

        public void Failed(Configuration configuration, string why) => throw new InvalidOperationException("nothing is measured offline");
    }

    /// <summary>Measuring as the first share of the whole.</summary>
    private sealed class MeasuringProgress(IProgress<PlanningProgress> whole, double share, double budgetSeconds) : IProgress<ProfilingProgress>
    {
        public void Report(ProfilingProgress value) => whole.Report(new PlanningProgress(
            $"{value.Stage} ({value.Settled} of {value.Cells})",
            0.5 * value.Settled / Math.Max(1, value.Cells),
            value.RemainingSeconds + (budgetSeconds * (1 - share))));
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
