using System.Globalization;
using Rectune.Core.Planning;
using Rectune.Core.Units;

namespace Rectune.Cli;

/// <summary>What a plan would measure, before anything is.</summary>
internal sealed record DryRunReport
{
    /// <summary>Configurations in the space.</summary>
    public required int Configurations { get; init; }

    /// <summary>Of these, the ones that fit the memory limit.</summary>
    public required int Fitting { get; init; }

    /// <summary>Of these, the ones whose measurements are not known yet.</summary>
    public required int Unmeasured { get; init; }

    /// <summary>The search that chooses which of these are measured; null where all are.</summary>
    public string? Search { get; init; }

    public required IReadOnlyList<int> Batches { get; init; }

    /// <summary>Limits simulated for each configuration.</summary>
    public required int Limits { get; init; }

    /// <summary>Longest time under measurement and load, seconds; generating weights comes on top.</summary>
    public required double BudgetS { get; init; }

    /// <summary>Memory of the largest fitting path, bytes.</summary>
    public required long LargestPathBytes { get; init; }

    public required long MemoryLimitBytes { get; init; }

    /// <param name="searches">Whether a search will choose among what is unmeasured.</param>
    public static int Print(Terminal terminal, PlanJob job, PlanJobOptions options, bool searches)
    {
        var fitting = Planner.FittingConfigurations(job.Request, job.Space);
        var unmeasured = job.Unmeasured();
        var report = new DryRunReport
        {
            Configurations = job.Space.Configurations.Count,
            Fitting = fitting.Count,
            Unmeasured = unmeasured.Count,
            Search = searches ? options.Search : null,
            Batches = job.Space.Batches,
            Limits = job.Space.BatchLimits.Count,
            BudgetS = options.Budget.Seconds,
            LargestPathBytes = fitting.Max(c => PathMemory.Bytes(job.Request.Model.Card, c, job.Space.LargestBatch)),
            MemoryLimitBytes = job.Request.MemoryLimitBytes,
        };
        terminal.Json(report);
        foreach (var configuration in fitting)
        {
            var memory = new ByteSize(PathMemory.Bytes(job.Request.Model.Card, configuration, job.Space.LargestBatch));
            terminal.Result($"{configuration.Id(),-32} {memory,10}  {(!unmeasured.Contains(configuration) ? "known" : searches ? "candidate" : "to measure")}");
        }

        terminal.Result(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Unmeasured} of {report.Configurations} configurations to {(searches ? $"choose from ({report.Search} search: the budget is too short for all, about {Planner.MeasurableInFull(job.Request, job.Space)} in full)" : "measure")} at batches {string.Join(", ", report.Batches)}, {report.Limits} limits each to simulate; at most {report.BudgetS:G4} s beside generating and loading rows, and {new ByteSize(report.LargestPathBytes)} of tables and buffers at a time"));
        return ExitCodes.Done;
    }
}
