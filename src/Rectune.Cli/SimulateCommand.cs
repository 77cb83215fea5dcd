using System.CommandLine;
using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Workloads;

namespace Rectune.Cli;

/// <summary><c>rectune simulate</c>: what a plan would do under another load, in virtual time.</summary>
internal static class SimulateCommand
{
    /// <summary>Shares of the knee that are shown where no rate is asked for.</summary>
    private static readonly double[] Shares = [0.2, 0.4, 0.6, 0.8, 0.9, 1];

    private static readonly Argument<string> PlanFile = new("plan") { Description = "The plan, as written by rectune plan" };

    private static readonly SettingOf<IReadOnlyList<double>> Qps = new(SettingKinds.ListOf<double>(SettingKinds.Rate))
    {
        Name = "qps",
        Metavar = "N,…",
        Description = "Offered loads, queries/s, joined by commas",
        Otherwise = "from a fifth of the capacity up to it",
    };

    private static readonly SettingOf<SlaChoice> Target = new(SlaChoice.Read)
    {
        Name = "sla",
        Metavar = "TARGET",
        Description = "Another latency target, such as p99=20ms; 'default' takes the plan's",
        Default = "default",
    };

    private static readonly SettingOf<SizesChoice> Sizes = new(SizesChoice.Read)
    {
        Name = "workload",
        Metavar = "SIZES",
        Description = $"Other query sizes: {string.Join(", ", SizesChoice.Names)}",
        Otherwise = "the plan's",
        Suggestions = SizesChoice.Names,
    };

    private static readonly SettingOf<ArrivalsChoice> Arrivals = new(ArrivalsChoice.Read)
    {
        Name = "arrivals",
        Metavar = "PROCESS",
        Description = $"Another way in which queries arrive: {string.Join(", ", ArrivalsChoice.Names)}",
        Otherwise = "the plan's",
        Suggestions = ArrivalsChoice.Names,
    };

    public static CommandDescription Create() => new()
    {
        Name = "simulate",
        Summary = "What a plan does under another load, workload or target: latency, goodput and capacity in virtual time, from the plan file alone.",
        Examples = ["rectune simulate plan.json", "rectune simulate plan.json --qps 100,500 --workload lognormal", "rectune simulate plan.json --arrivals bursty:3,0.1,100ms", "rectune simulate plan.json --sla p95=10ms --json"],
        Arguments = [PlanFile],
        Settings = [Qps, Target, Sizes, Arrivals],
        Run = Run,
    };

    private static int Run(Invocation invocation)
    {
        var (values, terminal) = (invocation.Values, invocation.Terminal);
        var file = invocation.Argument(PlanFile);
        var plan = LoadedPlan.Read(file);
        var sla = values.Get(Target).Sla ?? plan.Sla;
        var load = LoadOf(values, plan);
        var (paths, scheduler) = (plan.Paths, plan.Scheduler);
        var evaluator = PlanSimulation.Of(plan, sla, load);
        terminal.Progress("looking for the capacity");
        var (capacity, promise) = evaluator.Rates(paths, scheduler);
        double[] rates = values.TryGet(Qps, out var asked) ? [.. asked.Order()] : [.. Shares.Select(share => share * capacity.Value).Where(rate => rate > 0)];
        var predicted = new List<Performance>();
        foreach (var rate in rates)
        {
            invocation.Cancellation.ThrowIfCancellationRequested();
            terminal.Progress(Text($"simulating {rate:F0} queries/s"));
            predicted.Add(evaluator.Predict(paths, scheduler, rate));
        }

        terminal.EndProgress();
        var report = new SimulationReport { PathId = plan.PathId(), Sla = sla, Workload = load.With(plan.Workload.Skew), CapacityQps = capacity, PromiseQps = promise, Rates = predicted };
        terminal.Json(report);
        Print(terminal, plan, report);
        return ExitCodes.Done;
    }

    /// <summary>The plan's load but for what is asked for instead.</summary>
    private static QueryLoad LoadOf(SettingValues values, Plan plan)
    {
        var (arrivals, trace) = values.TryGet(Arrivals, out var other) ? other.Open() : ArrivalsChoice.Of(plan.Workload, moved: null);
        return new QueryLoad(arrivals, trace, values.TryGet(Sizes, out var sizes) ? sizes.Open() : QuerySizeCatalog.Of(plan.Workload));
    }

    private static void Print(Terminal terminal, Plan plan, SimulationReport report)
    {
        terminal.Result(Text(
            $"{plan.Model.Name} on {report.PathId}, {plan.Machines[0].Id}; target {report.Sla}; query sizes {report.Workload.Sizes}, {report.Workload.Arrivals} arrivals; simulated from the plan's measurements"));
        string[] target = Performance.Has(report.Sla.Percentile) ? [] : [Text($"p{report.Sla.Percentile}, ms")];
        var table = Terminal.Table(["queries/s", "p50, ms", "p95, ms", "p99, ms", .. target, "over the limit", "goodput, queries/s", "target"]);
        foreach (var rate in report.Rates)
        {
            Terminal.Row(
                table,
                [
                    rate.OfferedQps.ToString("F0", CultureInfo.InvariantCulture),
                    Cell(rate.P50Ms, "F2"),
                    Cell(rate.P95Ms, "F2"),
                    Cell(rate.P99Ms, "F2"),
                    .. target.Select(_ => Cell(rate.TargetMs, "F2")),
                    Cell(rate.OverLimitShare, "P2"),
                    Cell(rate.GoodputQps, "F0"),
                    rate.OverLimitShare.Value <= report.Sla.AllowedShare() && rate.OfferedQps <= (report.CapacityQps.High ?? report.CapacityQps.Value) ? "held" : "not held",
                ]);
        }

        terminal.Result(table);
        terminal.Result(report.CapacityQps.Value > 0
            ? Text($"capacity  {report.CapacityQps.Text("F0")} queries/s, the estimated knee; {Certifiable(report.PromiseQps)}")
            : Text($"capacity  none: {report.Sla} is not met at any rate, however low"));
    }

    private static string Certifiable(Estimate promise) => promise.Value > 0
        ? Text($"certifiable by live load up to about {promise.Value:F0} (predicted)")
        : "no rate of it can be certified: too many queries are over the limit at any (predicted)";

    private static string Cell(Estimate? estimate, string format) => estimate is null ? "-" : estimate.Text(format);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
