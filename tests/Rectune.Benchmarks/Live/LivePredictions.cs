using System.Globalization;
using Newtonsoft.Json.Linq;
using Rectune.Benchmarks.Profiles;
using Rectune.Core.Numerics;

namespace Rectune.Benchmarks.Live;

/// <summary>Plans for several models and targets, each held against live load at several rates: what was predicted beside what was measured.</summary>
internal static class LivePredictions
{
    private const double Allowed = 0.01;

    /// <summary>Shares of the predicted capacity at which latency is compared.</summary>
    private static readonly double[] Calm = [0.5, 0.8];

    /// <summary>Shares of the predicted capacity between which the measured one is looked for.</summary>
    private static readonly double[] Ladder = [0.6, 0.7, 0.8, 0.88, 0.94, 1, 1.06, 1.14];

    public static int Run(Options options)
    {
        var report = new Report(options, "Predictions under live load");
        var seconds = options.Number("--seconds", 12);
        var folder = Directory.CreateTempSubdirectory("rectune-live-").FullName;
        report.Text.Append(CultureInfo.InvariantCulture, $"- each plan with a budget of {options.Text("--budget", "30s")}; each rate held for {seconds} s of live load in process, in replications of two seconds or a hundred queries; p99 at most the target's limit in 99 % of queries\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"- capacity: the rate at which 1 % of the queries are over the limit, live between two rates of which one was within and the other not, looked for at {string.Join(", ", Ladder.Select(share => share.ToString("P0", CultureInfo.InvariantCulture)))} of the predicted one\n");
        report.Text.Append("- p99 and p50: predicted over measured, at shares of the predicted capacity; again: the same load on the same plan two minutes later, p99 then over p99 before, which no prediction can be nearer than\n\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"| model | target | path | verdict | promise verified | capacity, predicted/measured | {string.Join(" | ", Calm.Select(share => string.Create(CultureInfo.InvariantCulture, $"p99 at {share:P0} | again")))} | p50 at {Calm[0]:P0} |\n|---|---|---|---|---|---|{string.Concat(Calm.Select(_ => "---|---|"))}---|\n");
        var figures = new Figures();
        try
        {
            foreach (var question in options.Text("--plans", "dlrm:10,dlrm:20,dlrm:60,ncf:5,ncf:10,ncf:20,wnd:15,wnd:25,wnd:50,mtwnd:15,mtwnd:25,mtwnd:50,din@alibaba:50,din@alibaba:100,din@alibaba:200,dien@alibaba:35,dien@alibaba:70,dien@alibaba:140,rm3:50,rm3:100").Split(','))
            {
                var parts = question.Split(':');
                Hold(parts[0], $"p99={parts[1]}ms", options.Text("--budget", "30s"), seconds, folder, report, figures);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        figures.Append(report);
        report.Write("live.md");
        return 0;
    }

    private static void Hold(string model, string sla, string budget, double seconds, string folder, Report report, Figures figures)
    {
        var file = Path.Combine(folder, $"{model}.{sla}.json");
        Console.Error.WriteLine($"{model} {sla}: planning");
        if (RectuneProgram.Answer("plan", "--model", model, "--sla", sla, "--budget", budget, "--out", file, "--json") is not { } plan)
        {
            report.Text.Append(CultureInfo.InvariantCulture, $"| {model} | {sla} | no plan | | | | {string.Concat(Calm.Select(_ => " | |"))} |\n");
            return;
        }

        var verdict = plan["validated"]!["verdict"]!.Value<string>()!;
        var capacity = plan["capacityQps"]!["value"]!.Value<double>();
        double[] shares = [.. Calm, .. Ladder, .. Calm];
        JObject[] held = [.. Verify([plan["promise"]!["qps"]!.Value<double>(), .. shares.Select(share => share * capacity)])];
        if (held.Length == 0)
        {
            return;
        }

        var kept = held[0]["verdict"]!.Value<string>()!;
        var (calm, ladder, again) = (held[1..(Calm.Length + 1)], held[(Calm.Length + 1)..^Calm.Length], held[^Calm.Length..]);
        double?[] tails = [.. calm.Select(rate => Ratio(rate, "p99Ms"))];
        double?[] repeats = [.. again.Zip(calm, (then, before) => P99(then) / P99(before))];
        var median = Ratio(calm[0], "p50Ms");
        var measured = Crossing([.. ladder.Select(rate => rate["measured"]!["overLimitShare"]!["value"]!.Value<double>())]);
        var row = string.Create(CultureInfo.InvariantCulture, $"| {model} | {sla} | {plan["paths"]![0]!["id"]!.Value<string>()} | {verdict} | {kept} | {Shown(1 / measured)} | {string.Join(" | ", tails.Zip(repeats, (tail, repeat) => $"{Shown(tail)} | {Shown(repeat)}"))} | {Shown(median)} |");
        report.Text.Append(row).Append('\n');
        Console.Error.WriteLine(row);
        figures.Add(verdict == "met", kept == "missed", 1 / measured, tails, repeats, median);

        IEnumerable<JObject> Verify(IEnumerable<double> rates) => RectuneProgram.Answer(
                "verify", file, "--json", "--qps", string.Join(',', rates.Select(qps => qps.ToString("R", CultureInfo.InvariantCulture))), "--for", string.Create(CultureInfo.InvariantCulture, $"{seconds}s"))
            is { } answer ? answer["rates"]!.Cast<JObject>() : [];
    }

    /// <summary>The share of the predicted capacity at which the target is crossed, straight between the two rates beside it; null where it is not among them.</summary>
    private static double? Crossing(IReadOnlyList<double> overLimit)
    {
        for (var i = 1; i < Ladder.Length; i++)
        {
            if (overLimit[i - 1] <= Allowed && overLimit[i] > Allowed)
            {
                return Ladder[i - 1] + ((Ladder[i] - Ladder[i - 1]) * (Allowed - overLimit[i - 1]) / (overLimit[i] - overLimit[i - 1]));
            }
        }

        return null;
    }

    private static double? Ratio(JObject? report, string figure) =>
        report?["measured"] is JObject measured && measured[figure] is JObject seen && report["predicted"]![figure] is JObject predicted
            ? predicted["value"]!.Value<double>() / seen["value"]!.Value<double>()
            : null;

    private static double? P99(JObject? report) => report?["measured"]?["p99Ms"]?["value"]?.Value<double>();

    private static string Shown(double? ratio) => ratio?.ToString("F2", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>Over all plans.</summary>
    private sealed class Figures
    {
        private readonly List<double> capacities = [];
        private readonly List<double> tails = [];
        private readonly List<double> repeated = [];
        private readonly List<double> medians = [];
        private int met;
        private int broken;

        public void Add(bool isMet, bool missed, double? capacity, IEnumerable<double?> p99, IEnumerable<double?> again, double? p50)
        {
            met += isMet ? 1 : 0;
            broken += isMet && missed ? 1 : 0;
            capacities.AddRange(new[] { capacity }.OfType<double>());
            tails.AddRange(p99.OfType<double>());
            repeated.AddRange(again.OfType<double>());
            medians.AddRange(new[] { p50 }.OfType<double>());
        }

        public void Append(Report report)
        {
            report.Text.Append(CultureInfo.InvariantCulture, $"\n- {met} plans were met when they were made; {broken} of them missed their promise in a fresh run\n");
            Line("capacity", capacities);
            Line("p99 up to 80 % of the capacity", tails);
            Line("p99 of the same load, measured again", repeated);
            Line("p50 at half the capacity", medians);

            void Line(string name, List<double> ratios)
            {
                double[] errors = [.. ratios.Select(ratio => Math.Abs(ratio - 1)).Order()];
                report.Text.Append(errors.Length == 0
                    ? $"- {name}: nothing to compare\n"
                    : string.Create(CultureInfo.InvariantCulture, $"- {name}: median absolute error {Percentiles.Interpolated(errors, 0.5):P1}, worst {errors[^1]:P0}, {errors.Length} comparisons\n"));
            }
        }
    }
}
