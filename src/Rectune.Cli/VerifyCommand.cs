using System.CommandLine;
using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Units;
using Rectune.Core.Workloads;
using Rectune.Engine.Validation;

namespace Rectune.Cli;

/// <summary><c>rectune verify</c>: hold a plan's promise against live load once more.</summary>
internal static class VerifyCommand
{
    private static readonly Argument<string> PlanFile = new("plan") { Description = "The plan, as written by rectune plan" };

    private static readonly SettingOf<Duration> For = new(SettingKinds.Time)
    {
        Name = "for",
        Metavar = "TIME",
        Description = "Time under load, warm-up included; at each rate where there are several",
        Otherwise = "20s, longer where the rate is too low to certify so soon",
    };

    private static readonly SettingOf<IReadOnlyList<double>> Qps = new(SettingKinds.ListOf<double>(SettingKinds.Rate))
    {
        Name = "qps",
        Metavar = "N,…",
        Description = "Offered loads, queries/s, joined by commas: driven one after the other in this order",
        Otherwise = "the plan's promise",
    };

    private static readonly SettingOf<string> Data = new(SettingKinds.Text)
    {
        Name = "data",
        Metavar = "FILE",
        Description = "Click log or access trace that the plan was made with, where it has moved",
        Otherwise = "the file that the plan names",
    };

    private static readonly SettingOf<bool> AllowStale = new(SettingKinds.Switch)
    {
        Name = "allow-stale",
        Description = "Run a plan that was made for another machine or runtime",
        Default = "false",
    };

    public static CommandDescription Create() => new()
    {
        Name = "verify",
        Summary = "Re-measure a plan's promise under live open-loop load: predicted beside measured, and a verdict.",
        Examples = ["rectune verify plan.json --for 20s", "rectune verify plan.json --qps 500 --json", "rectune verify plan.json --qps 500,750,1000 --for 10s"],
        Arguments = [PlanFile],
        Settings = [For, Qps, Data, ArrivalsChoice.Moved, TableSettings.Folder, AllowStale],
        Run = Run,
    };

    private static int Run(Invocation invocation)
    {
        var values = invocation.Values;
        var terminal = invocation.Terminal;
        var machine = DevicesCommand.Detect(invocation.Wiring);
        var plan = LoadedPlan.Read(invocation.Argument(PlanFile), machine, values.Get(AllowStale));
        using var bench = Workbench.ForPlan(plan, values.TryGet(Data, out var data) ? data : null, values.TryGet(ArrivalsChoice.Moved, out var arrivals) ? arrivals : null, machine, TableSettings.Of(values), invocation.Cancellation);
        IReadOnlyList<double> rates = values.TryGet(Qps, out var asked) ? asked : [plan.Promise.Qps];
        double? seconds = values.TryGet(For, out var time) ? time.Seconds : null;
        var reports = new List<VerificationReport>();
        using (var target = LoadedPlan.Serve(plan, bench, terminal, invocation.Wiring.Time, invocation.Cancellation))
        {
            foreach (var qps in rates)
            {
                // Schedules of their own: verifying must not replay the luck that the plan was made with, nor one rate that of another.
                var seed = ~plan.Seed - (ulong)reports.Count;
                var validator = new LiveValidator(bench.Graphs, bench.Tables, bench.Pool, bench.Load.Arrivals, bench.Load.Sizes, seed, invocation.Wiring.Time, new LoadLine(terminal));
                var longest = seconds ?? LoadReplications.Seconds(qps, LoadReplications.LongestSeconds, plan.Sla);
                var validation = validator.Drive(target, plan.Paths, plan.Sla, qps, longest, LoadLength.Whole, look: 1, invocation.Cancellation);
                terminal.EndProgress();
                invocation.Cancellation.ThrowIfCancellationRequested();
                reports.Add(Report(plan, bench.Load, qps, validation));
                Print(terminal, plan, reports[^1]);
            }
        }

        if (reports.Count == 1)
        {
            terminal.Json(reports[0]);
        }
        else
        {
            terminal.Json(new VerificationSeries { Rates = reports });
        }

        return reports.Max(report => Severity(report)).Code;
    }

    /// <summary>The exit code of a rate, and how much it outweighs those of others.</summary>
    private static (int Weight, int Code) Severity(VerificationReport report) => report switch
    {
        { Generator.Limiting: true } => (2, ExitCodes.GeneratorLimited),
        { Verdict: Verdict.Met } => (0, ExitCodes.Done),
        { Verdict: Verdict.Missed } => (3, ExitCodes.Missed),
        _ => (1, ExitCodes.Inconclusive),
    };

    private static VerificationReport Report(Plan plan, QueryLoad load, double qps, Validation validation)
    {
        var predicted = plan.Predicted;
        if (qps != plan.Promise.Qps || plan.Paths[0].Service.LiveFactor is not null)
        {
            predicted = PlanSimulation.Of(plan, plan.Sla, load).Predict(plan.Paths, plan.Scheduler, qps);
        }

        return new VerificationReport
        {
            Promise = plan.Promise,
            OfferedQps = qps,
            Predicted = predicted,
            Measured = validation.Measured,
            Queries = validation.Queries,
            Replications = validation.Replications,
            Generator = validation.Generator,
            Verdict = validation.Verdict,
            QueriesNeeded = validation.QueriesNeeded,
            Because = validation.Because,
        };
    }

    private static void Print(Terminal terminal, Plan plan, VerificationReport report)
    {
        terminal.Result(Text(
            $"{plan.Model.Name} on {plan.PathId()} at {report.OfferedQps:F1} queries/s ({plan.Promise.Boundary}), {report.Queries} queries in {report.Replications} replications"));
        terminal.Result(PlanText.Comparison(plan.Sla, report.Predicted, report.Measured));
        if (report.Generator is { } generator)
        {
            var cpu = generator.CpuShare is { } share ? Text($"{share:P1} of one core") : "processor time unavailable";
            terminal.Result(Text(
                $"generator lateness: p50 {generator.LatenessP50Us:F0} us, p99 {generator.LatenessP99Us:F0} us, largest {generator.LatenessMaxUs:F0} us; {cpu}"));
        }

        terminal.Result($"verdict   {report.Verdict.Name()}: {report.Because}");
        if (report.Generator is { Limiting: true })
        {
            terminal.Error("the load generator was the bottleneck: its own lateness could turn the verdict. Lower --qps, or leave it more of the machine.");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class LoadLine(Terminal terminal) : IProgress<ValidationProgress>
    {
        public void Report(ValidationProgress value) => terminal.Progress(Text(
            $"{100.0 * value.Done / value.Replications,3:F0} %  live load at {value.Qps:F0} queries/s, about {value.RemainingSeconds:F0} s left"));
    }
}
