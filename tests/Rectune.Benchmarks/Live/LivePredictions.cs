using System.Globalization;
using Newtonsoft.Json.Linq;
using Rectune.Benchmarks.Profiles;
using Rectune.Core.Numerics;

namespace Rectune.Benchmarks.Live;

/// <summary>Plans for several models and targets, each held against live load at several rates: what was predicted beside what was measured.</summary>
internal static class LivePredictions
{
    private const double Allowed = 0.01;

    /// <summary>Shares of the predicted capacity between which the measured one is looked for, twice.</summary>
    private static readonly double[] Ladder = [0.5, 0.65, 0.8, 0.9, 1, 1.1];

    /// <summary>Steps of the ladder at which latency is compared: half and four fifths of the capacity.</summary>
    private static readonly int[] Calm = [0, 2];

    /// <summary>Columns before the first comparison.</summary>
    private const int Described = 5;

    private static readonly int Columns = Described + (2 * (Calm.Length + 2));

    public static int Run(Options options)
    {
        var report = new Report(options, "Predictions under live load");
        var seconds = options.Number("--seconds", 10);
        var folder = Directory.CreateTempSubdirectory("rectune-live-").FullName;
        report.Text.Append(CultureInfo.InvariantCulture, $"- each plan with a budget of {options.Text("--budget", "30s")}; each rate held for {seconds} s of live load in process, in replications of two seconds or a hundred queries; p99 at most the target's limit in 99 % of queries\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"- capacity: the rate at which 1 % of the queries are over the limit, live between two rates of which one was within and the other not, looked for at {string.Join(", ", Ladder.Select(share => share.ToString("P0", CultureInfo.InvariantCulture)))} of the predicted one\n");
        report.Text.Append("- predicted over the mean of two measurements; again: what was measured a minute later over what was measured before, under the same load on the same plan, which no prediction can be nearer than\n\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"| model | target | path | verdict | promise verified | capacity | again | {string.Join(" | ", Calm.Select(step => string.Create(CultureInfo.InvariantCulture, $"p99 at {Ladder[step]:P0} | again")))} | p50 at {Ladder[Calm[0]]:P0} | again |\n|---|---|---|---|---|---|---|{string.Concat(Calm.Select(_ => "---|---|"))}---|---|\n");
        var figures = new Figures();
        if (options.Has("--after"))
        {
            foreach (var row in Rows(options.Text("--after", ""), report.Text.ToString()))
            {
                Keep(row, report, figures);
            }
        }

        try
        {
            foreach (var question in options.Text("--plans", "dlrm:10,dlrm:20,dlrm:60,ncf:5,ncf:10,ncf:20,wnd:15,wnd:25,wnd:50,mtwnd:15,mtwnd:25,mtwnd:50,din@alibaba:50,din@alibaba:100,din@alibaba:200,dien@alibaba:35,dien@alibaba:70,dien@alibaba:140,rm3:50,rm3:100").Split(',', StringSplitOptions.RemoveEmptyEntries))
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
            Keep(string.Create(CultureInfo.InvariantCulture, $"| {model} | {sla} | no plan {string.Concat(Enumerable.Repeat("| - ", Columns - 3))}|"), report, figures);
            return;
        }

        var verdict = plan["validated"]!["verdict"]!.Value<string>()!;
        var capacity = plan["capacityQps"]!["value"]!.Value<double>();
        JObject[] held = [.. Verify([plan["promise"]!["qps"]!.Value<double>(), .. Ladder.Concat(Ladder).Select(share => share * capacity)])];
        if (held.Length == 0)
        {
            return;
        }

        var kept = held[0]["verdict"]!.Value<string>()!;
        var (first, second) = (held[1..(Ladder.Length + 1)], held[(Ladder.Length + 1)..]);
        var (crossed, crossedAgain) = (Crossing(first), Crossing(second));
        var comparison = new Comparison(
            Compare(1, crossed, crossedAgain),
            [.. Calm.Select(step => Compare(Predicted(first[step], "p99Ms"), Measured(first[step], "p99Ms"), Measured(second[step], "p99Ms")))],
            Compare(Predicted(first[Calm[0]], "p50Ms"), Measured(first[Calm[0]], "p50Ms"), Measured(second[Calm[0]], "p50Ms")));
        var row = string.Create(CultureInfo.InvariantCulture, $"| {model} | {sla} | {plan["paths"]![0]!["id"]!.Value<string>()} | {verdict} | {kept} | {comparison.Capacity} | {string.Join(" | ", comparison.Tails)} | {comparison.Median} |");
        Console.Error.WriteLine(row);
        Keep(row, report, figures);

        IEnumerable<JObject> Verify(IEnumerable<double> rates) => RectuneProgram.Answer(
                "verify", file, "--json", "--qps", string.Join(',', rates.Select(qps => qps.ToString("R", CultureInfo.InvariantCulture))), "--for", string.Create(CultureInfo.InvariantCulture, $"{seconds}s"))
            is { } answer ? answer["rates"]!.Cast<JObject>() : [];
    }

    /// <summary>The table's rows of an earlier report, made with the same settings on the same machine.</summary>
    /// <param name="preamble">All that this report says before its first row.</param>
    private static IEnumerable<string> Rows(string file, string preamble)
    {
        var text = File.ReadAllText(file);
        return text.StartsWith(preamble, StringComparison.Ordinal)
            ? text[preamble.Length..].Split('\n').TakeWhile(line => line.StartsWith('|'))
            : throw new InvalidOperationException($"{file} is not a report of these settings on this machine: it has to begin with\n{preamble}");
    }

    /// <summary>Writes a row down and counts what it says, which is all that is known of the rows of an earlier report.</summary>
    private static void Keep(string row, Report report, Figures figures)
    {
        string[] cells = [.. row.Split('|')[1..^1].Select(cell => cell.Trim())];
        if (cells.Length != Columns)
        {
            throw new InvalidOperationException($"'{row}' has {cells.Length} columns, not {Columns}");
        }

        report.Text.Append(row).Append('\n');
        Compared[] compared = [.. cells[Described..].Chunk(2).Select(pair => new Compared(Ratio(pair[0]), Ratio(pair[1])))];
        figures.Add(cells[3] == "met", cells[4] == "missed", new Comparison(compared[0], compared[1..^1], compared[^1]));

        static double? Ratio(string cell) => cell == "-" ? null : double.Parse(cell, CultureInfo.InvariantCulture);
    }

    /// <summary>The share of the predicted capacity at which the target is crossed, straight between the two rates beside it; null where it is not among them.</summary>
    private static double? Crossing(IReadOnlyList<JObject> reports)
    {
        double[] overLimit = [.. reports.Select(rate => rate["measured"]!["overLimitShare"]!["value"]!.Value<double>())];
        for (var i = 1; i < Ladder.Length; i++)
        {
            if (overLimit[i - 1] <= Allowed && overLimit[i] > Allowed)
            {
                return Ladder[i - 1] + ((Ladder[i] - Ladder[i - 1]) * (Allowed - overLimit[i - 1]) / (overLimit[i] - overLimit[i - 1]));
            }
        }

        return null;
    }

    /// <summary>A prediction beside two measurements; where one of them is missing, the other stands alone.</summary>
    private static Compared Compare(double? predicted, double? first, double? second) =>
        new(2 * predicted / ((first ?? second) + (second ?? first)), second / first);

    private static double? Measured(JObject report, string figure) => report["measured"]?[figure]?["value"]?.Value<double>();

    private static double? Predicted(JObject report, string figure) => report["predicted"]?[figure]?["value"]?.Value<double>();

    private static string Shown(double? ratio) => ratio?.ToString("F2", CultureInfo.InvariantCulture) ?? "-";

    /// <param name="Ratio">Predicted over measured.</param>
    /// <param name="Again">The second measurement over the first.</param>
    private readonly record struct Compared(double? Ratio, double? Again)
    {
        public override string ToString() => $"{Shown(Ratio)} | {Shown(Again)}";
    }

    /// <summary>One plan's comparisons.</summary>
    private sealed record Comparison(Compared Capacity, IReadOnlyList<Compared> Tails, Compared Median);

    /// <summary>Over all plans.</summary>
    private sealed class Figures
    {
        private readonly List<Comparison> comparisons = [];
        private int met;
        private int broken;

        public void Add(bool isMet, bool missed, Comparison comparison)
        {
            met += isMet ? 1 : 0;
            broken += isMet && missed ? 1 : 0;
            comparisons.Add(comparison);
        }

        public void Append(Report report)
        {
            report.Text.Append(CultureInfo.InvariantCulture, $"\n- {met} plans were met when they were made; {broken} of them missed their promise in a fresh run\n");
            Lines("capacity", comparisons.Select(plan => plan.Capacity));
            foreach (var (i, step) in Calm.Index())
            {
                Lines(string.Create(CultureInfo.InvariantCulture, $"p99 at {Ladder[step]:P0} of the capacity"), comparisons.Select(plan => plan.Tails[i]));
            }

            Lines(string.Create(CultureInfo.InvariantCulture, $"p50 at {Ladder[Calm[0]]:P0}"), comparisons.Select(plan => plan.Median));

            void Lines(string name, IEnumerable<Compared> compared)
            {
                Line($"{name}, predicted", compared.Select(pair => pair.Ratio), ratio => Math.Abs(ratio - 1));
                Line($"{name}, measured again", compared.Select(pair => pair.Again), again => Math.Abs(again - 1));
                Line($"{name}, each of the two from their mean", compared.Select(pair => pair.Again), again => Math.Abs(again - 1) / (again + 1));
            }

            void Line(string name, IEnumerable<double?> ratios, Func<double, double> difference)
            {
                double[] errors = [.. ratios.OfType<double>().Select(difference).Order()];
                report.Text.Append(errors.Length == 0
                    ? $"- {name}: nothing to compare\n"
                    : string.Create(CultureInfo.InvariantCulture, $"- {name}: median absolute difference {Percentiles.Interpolated(errors, 0.5):P1}, worst {errors[^1]:P0}, {errors.Length} comparisons\n"));
            }
        }
    }
}
