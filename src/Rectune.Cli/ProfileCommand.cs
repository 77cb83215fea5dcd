using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Fitness;
using Rectune.Core.Units;
using Rectune.Engine.Profiling;
using Spectre.Console;

namespace Rectune.Cli;

/// <summary><c>rectune profile</c>: measure a space and keep the measurements, for plans to come.</summary>
internal static class ProfileCommand
{
    /// <summary>Operators of less than this share of a run are left to <c>--json</c>.</summary>
    private const double SmallestShownShare = 0.01;

    private static readonly SettingOf<Duration> Budget = new(SettingKinds.Time)
    {
        Name = "budget",
        Metavar = "TIME",
        Description = "Longest time for measuring; building and generating weights come on top",
        Default = "90s",
    };

    private static readonly SettingOf<string> Out = new(SettingKinds.Text)
    {
        Name = "out",
        Metavar = "FOLDER",
        Description = "The profile: a folder for this machine, which may hold several models",
        Otherwise = "profiles/MACHINE",
    };

    private static readonly SettingOf<bool> Resume = SettingKinds.Off("resume", "Measure only what the profile does not hold yet");
    private static readonly SettingOf<bool> Operators = SettingKinds.Off("operators", "Time the graphs' operators as well, in runs of their own");
    private static readonly SettingOf<bool> DryRun = SettingKinds.Off("dry-run", "Print what would be measured, how long it takes and how much memory");

    private static readonly SettingOf<IReadOnlyList<string>> Merge = new(SettingKinds.List)
    {
        Name = "merge",
        Metavar = "PROFILE",
        Description = "Put these profiles of one machine together in --out, and measure nothing",
        Many = true,
        Otherwise = "nothing is merged",
    };

    private static readonly SettingOf<string> Verify = new(SettingKinds.Text)
    {
        Name = "verify",
        Metavar = "PROFILE",
        Description = "Check that a profile is whole, and measure nothing",
        Otherwise = "nothing is verified",
    };

    public static CommandDescription Create() => new()
    {
        Name = "profile",
        Summary = "Measure what a model costs on this machine and keep it: plans made later reuse it.",
        Examples =
        [
            "rectune profile --model dlrm",
            "rectune profile --model rm2 --budget 3m --out profiles/server --resume",
            "rectune profile --model din --operators",
            "rectune profile --verify profiles/server",
            "rectune profile --merge profiles/monday profiles/tuesday --out profiles/server",
        ],
        Settings = [.. ModelSettings.Optional, .. MeasuringSettings.All, TableSettings.Folder, Budget, Resume, Operators, DryRun, Merge, Verify, Out],
        Run = Run,
    };

    private static int Run(Invocation invocation)
    {
        var values = invocation.Values;
        if (values.TryGet(Verify, out var verified))
        {
            return ProfileFiles.Verify(invocation.Terminal, verified);
        }

        if (values.TryGet(Merge, out var merged))
        {
            var target = values.TryGet(Out, out var named) ? named : throw new InvalidInputException(Out.Flag, "is required with --merge", "name the folder that the merged profile goes to");
            return ProfileFiles.Merge(invocation.Terminal, merged, target, invocation.Wiring.Time);
        }

        return Measure(invocation);
    }

    private static int Measure(Invocation invocation)
    {
        var (values, terminal, clock) = (invocation.Values, invocation.Terminal, invocation.Wiring.Time);
        var machine = DevicesCommand.Detect(invocation.Wiring);
        var folder = values.TryGet(Out, out var named) ? named : ProfileFolder.Default(machine);
        var options = Options(values, invocation.Wiring, folder);
        terminal.Progress("reading the model");
        using var job = PlanJob.Open(options, () => machine, clock, invocation.Cancellation);
        terminal.EndProgress();
        if (job.TakenOtherwise is { } otherwise)
        {
            terminal.Warning(otherwise);
        }

        if (values.Get(DryRun))
        {
            return DryRunReport.Print(terminal, job, options, searches: false);
        }

        var unfit = FitnessGate.Pass(machine, MeasuringSettings.StrictOf(values), terminal, invocation.Wiring);
        ProfileFolder.Prepare(folder, machine, clock);
        EnsureLimits(invocation, folder, machine);
        var before = job.Known.Rows.ToHashSet();
        if (options.Operators && before.Any(row => row.Operators is null))
        {
            terminal.Warning("some known measurements lack operators, and are not measured again; --operators without --resume does");
        }

        if (options.NoCache && ProfileFolder.Holds(folder))
        {
            terminal.Message($"{folder} holds measurements already: what is asked for is measured again. --resume measures only what is missing.");
        }

        var started = clock.GetTimestamp();
        IReadOnlyList<MeasurementRow> parts;
        using var journal = job.OpenJournal(ProfileFolder.JournalOf(folder), terminal.Warning);
        try
        {
            parts = job.Profile(journal, new ProgressLine(terminal), invocation.Cancellation);
        }
        catch (OperationCanceledException)
        {
            terminal.Message($"What was measured is kept in {folder}; the same command with --resume goes on from there.");
            throw;
        }

        terminal.EndProgress();
        var overhead = MeasuringOverhead.Measure(clock);
        MeasurementRow[] added = [.. job.Known.Rows.Where(row => !before.Contains(row))];
        var report = new ProfileReport
        {
            Journal = ProfileFolder.JournalOf(folder),
            Machine = machine.Id,
            Model = job.Request.Model.Name,
            Skew = job.Request.Workload.Skew.Key(),
            Known = before.Count,
            Measured = added.Length,
            Failed = journal.NewFailures,
            Runs = added.Sum(row => (long)row.ServiceUs.Count + row.DisturbedUs.Count),
            DisturbedRuns = added.Sum(row => (long)row.DisturbedUs.Count),
            OverheadUs = overhead.PerRunUs,
            OverheadInServiceUs = overhead.InServiceUs,
            WallTimeS = Math.Round(clock.GetElapsedTime(started).TotalSeconds, 1),
            Warnings = [.. unfit, .. QualityAnalysers.Look(added, parts)],
            Rows = [.. job.Known.Rows.Select(ProfileRowReport.Of)],
        };
        terminal.Json(report);
        Print(terminal, report, parts.Count);
        terminal.Message($"next: rectune plan --model {report.Model} --sla default{MeasuringSettings.SpaceArguments(values)} --profile {folder}");
        return ExitCodes.Done;
    }

    /// <summary>Measurements are worth having without the machine's limits.</summary>
    private static void EnsureLimits(Invocation invocation, string folder, Machine machine)
    {
        if (LimitsFile.Find(folder, machine) is null && LimitsFile.MissingMemory() is { } missing)
        {
            invocation.Terminal.Warning(missing);
            return;
        }

        LimitsFile.Ensure(folder, machine, invocation.Terminal, invocation.Wiring.Time, invocation.Cancellation);
    }

    /// <param name="lines">Of the journal that were added.</param>
    private static void Print(Terminal terminal, ProfileReport report, int lines)
    {
        var batches = report.Rows.Select(row => row.Batch).Distinct().Order().ToArray();
        var table = Terminal.Table(["median service time, µs, at batch", .. batches.Select(batch => batch.ToString(CultureInfo.InvariantCulture)), "widest ±", "disturbed runs"]);
        foreach (var path in report.Rows.GroupBy(row => row.Path).OrderBy(path => path.Min(row => row.MedianUs / row.Batch)))
        {
            var byBatch = path.ToDictionary(row => row.Batch);
            table.AddRow(
            [
                new Text(path.Key),
                .. batches.Select(batch => new Text(byBatch.TryGetValue(batch, out var row) ? row.MedianUs.ToString("F0", CultureInfo.InvariantCulture) : "-")),
                new Text(path.Max(row => row.MedianRelativeError).ToString("P1", CultureInfo.InvariantCulture)),
                new Text(((double)path.Sum(row => row.DisturbedRuns) / path.Sum(row => row.Runs)).ToString("P1", CultureInfo.InvariantCulture)),
            ]);
        }

        terminal.Result(table);
        PrintOperators(terminal, report);
        var disturbed = report.Runs == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {(double)report.DisturbedRuns / report.Runs:P1} of {report.Runs} runs disturbed from outside and kept apart");
        terminal.Result(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Measured} measurements added to {report.Journal} ({lines} lines, one a process), {report.Known} known before{disturbed}; {report.WallTimeS:F0} s, {report.Failed.Count} configurations failed"));
        terminal.Result(string.Create(
            CultureInfo.InvariantCulture,
            $"measuring costs {report.OverheadUs:F2} us a run, {report.OverheadInServiceUs:F2} us of it within the service time (measured with a path that does nothing)"));
        foreach (var kind in report.Warnings.Where(warning => warning.Measurement is not null).GroupBy(warning => warning.Kind))
        {
            var first = kind.First();
            terminal.Warning(string.Create(CultureInfo.InvariantCulture, $"{kind.Key}: {kind.Count()} of {report.Measured} measurements, such as {first.Measurement}: {first.What}; {first.Advice}"));
            foreach (var other in kind.Skip(1))
            {
                terminal.Detail($"{other.Kind}: {other.Measurement}: {other.What}");
            }
        }
    }

    /// <summary>A line a path, of its largest batch.</summary>
    private static void PrintOperators(Terminal terminal, ProfileReport report)
    {
        foreach (var row in report.Rows.Where(row => row.Operators is not null).GroupBy(row => row.Path).Select(path => path.MaxBy(row => row.Batch)!))
        {
            var embedding = row.EmbeddingUs is { } us ? string.Create(CultureInfo.InvariantCulture, $"embeddings {us:F0} us, ") : "";
            terminal.Result($"{row.Path} at batch {row.Batch}: {embedding}{string.Join("; ", row.Operators!.GroupBy(time => time.Graph).Select(Of))}");
        }

        static string Of(IGrouping<string, OperatorTime> graph)
        {
            var all = graph.Sum(time => time.UsPerRun);
            var shown = graph.Where(time => time.UsPerRun >= SmallestShownShare * all)
                .Select(time => string.Create(CultureInfo.InvariantCulture, $"{time.Operator} {time.UsPerRun:F0} us ({time.UsPerRun / all:P0})"));
            return $"operators of the {graph.Key} graph: {string.Join(", ", shown)}";
        }
    }

    private static PlanJobOptions Options(SettingValues values, Wiring wiring, string folder) => new()
    {
        Model = ModelSettings.OfOptional(values),
        Launching = wiring.Launching,
        Launches = MeasuringSettings.LaunchesOf(values),
        MemoryMax = MeasuringSettings.MemoryMaxOf(values),
        Load = QueryLoad.Any,
        DataFile = MeasuringSettings.DataOf(values),
        Skew = MeasuringSettings.SkewOf(values),
        Space = MeasuringSettings.SpaceOf(values),
        Knobs = MeasuringSettings.KnobsOf(values),
        TableFolder = TableSettings.Of(values),
        Budget = values.Get(Budget),
        Seed = MeasuringSettings.SeedOf(values),
        Operators = values.Get(Operators),
        NoCache = !values.Get(Resume),
        Profiles = ProfileFolder.Holds(folder) ? [folder] : [],
        OnlyNamedProfiles = true,
        Out = folder,
    };

    private sealed class ProgressLine(Terminal terminal) : IProgress<ProfilingProgress>
    {
        public void Report(ProfilingProgress value)
        {
            var left = value.RemainingSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $", about {seconds:F0} s left") : "";
            terminal.Progress(string.Create(CultureInfo.InvariantCulture, $"{value.Settled} of {value.Cells} measurements  {value.Stage}{left}"));
        }
    }
}
