using System.Globalization;
using Newtonsoft.Json.Linq;
using Rectune.Benchmarks.Profiles;

namespace Rectune.Benchmarks.Live;

/// <summary>Paths together and each alone under the same live load: correct predictions a second at every load, with and without a floor, and what is left of them under overload.</summary>
internal static class MultiPathLoad
{
    /// <summary>Of the rate that the faster path is predicted to hold.</summary>
    private static readonly double[] Shares = [0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1, 1.2, 3];

    public static int Run(Options options)
    {
        var report = new Report(options, "Several paths under live load");
        var (model, good) = (options.Text("--model", "dlrm"), options.Text("--good", "hybrid(k=128,decoder=128-64)"));
        var limit = options.Number("--limit", 30);
        var seconds = options.Number("--seconds", 10);
        var folder = Directory.CreateTempSubdirectory("rectune-multipath-").FullName;
        report.Text.Append(CultureInfo.InvariantCulture, $"- {model}, table and {good} in full precision, p99 ≤ {limit} ms; each load held for {seconds} s of live load in process, one plan after the other at each load\n");
        report.Text.Append("- correct/s: samples a second inside the limit times the accuracy of the path that answered, by what the model card says and assumes of representations; a refused query counts as over the limit\n\n");
        try
        {
            var space = new[] { "--set", $"representation=table,{good}", "--set", "table-precision=fp32", "--set", "dense-precision=fp32", "--set", "instances=2", "--set", "threads=1" };
            var all = Plan("all", space);
            var (fast, slow) = (Plan("table", [.. space, "--set", "representation=table"]), Plan("good", [.. space, "--set", $"representation={good}"]));
            var (low, high) = (Quality(fast), Quality(slow));
            var floored = Plan("floor", [.. space, "--quality-min", string.Create(CultureInfo.InvariantCulture, $"accuracy={(low + high) / 2:R}")]);
            var capacity = JObject.Parse(File.ReadAllText(fast))["capacityQps"]!["value"]!.Value<double>();
            report.Text.Append(CultureInfo.InvariantCulture, $"- the table path's predicted capacity: {capacity:F0} queries/s; accuracies {low:F4} and {high:F4}, the floor {(low + high) / 2:F5}\n\n");
            Table(report, "every path allowed", capacity, [("together", all), ("table", fast), ("good", slow)], seconds);
            Table(report, "under the floor", capacity, [("together", floored), ("good", slow)], seconds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        report.Write("multipath.md");
        return 0;

        string Plan(string name, string[] space)
        {
            var file = Path.Combine(folder, $"{name}.json");
            string[] known = name == "all" ? [] : ["--profile", Path.Combine(folder, "all.measurements.jsonl")];
            Console.Error.WriteLine($"planning {name}");
            _ = RectuneProgram.Answer(["plan", "--model", model, "--sla", string.Create(CultureInfo.InvariantCulture, $"p99={limit}ms"), "--budget", options.Text("--budget", "40s"), "--out", file, "--json", .. space, .. known])
                ?? throw new InvalidOperationException($"no plan for {name}");
            return file;
        }
    }

    private static double Quality(string plan) => JObject.Parse(File.ReadAllText(plan))["paths"]![0]!["quality"]!["value"]!.Value<double>();

    private static void Table(Report report, string title, double capacity, (string Name, string Plan)[] plans, double seconds)
    {
        report.Text.Append(CultureInfo.InvariantCulture, $"## {title}\n\n| load | {string.Join(" | ", plans.Select(plan => $"{plan.Name}, correct/s"))} | together over the best alone | together: over the limit | refused | refused after, p99, ms | p99 of the accepted, ms |\n|---|{string.Concat(plans.Select(_ => "---|"))}---|---|---|---|---|\n");
        var (peak, overload, ratios) = (0.0, 0.0, new List<double>());
        foreach (var share in Shares)
        {
            JObject[] seen = [.. plans.Select(plan => Held(plan.Plan, share * capacity, seconds))];
            double[] correct = [.. seen.Select(one => Value(one, "correctPerSecond") ?? 0)];
            var best = correct[1..].Max();
            if (share < Shares[^1])
            {
                peak = Math.Max(peak, correct[0]);
                ratios.Add(correct[0] / best);
            }
            else
            {
                overload = correct[0];
            }

            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"| {share:P0} ({share * capacity:F0}) | {string.Join(" | ", correct.Select(value => value.ToString("F0", CultureInfo.InvariantCulture)))} | {(best > 0 ? (correct[0] / best).ToString("F3", CultureInfo.InvariantCulture) : "-")} | {Value(seen[0], "overLimitShare"):P2} | {Value(seen[0], "refusedShare") ?? 0:P2} | {Shown(Value(seen[0], "refusedP99Ms"))} | {Shown(Value(seen[0], "acceptedP99Ms") ?? Value(seen[0], "p99Ms"))} |\n");
            report.Text.Append(line);
            Console.Error.Write(line);
        }

        report.Text.Append(CultureInfo.InvariantCulture, $"\n- together over the best path alone: {ratios.Min():F3} at least, {ratios.Max():F2} at most, up to {Shares[^2]:P0}; at {Shares[^1]:P0} {overload / peak:P0} of the peak\n\n");
    }

    private static JObject Held(string plan, double qps, double seconds) =>
        (JObject)(RectuneProgram.Answer(
            "verify", plan, "--json", "--qps", qps.ToString("R", CultureInfo.InvariantCulture), "--for", string.Create(CultureInfo.InvariantCulture, $"{seconds}s"))
            ?? throw new InvalidOperationException($"{plan} was not verified"))["measured"]!;

    private static double? Value(JObject performance, string figure) => performance[figure]?["value"]?.Value<double>();

    private static string Shown(double? value) => value?.ToString("F2", CultureInfo.InvariantCulture) ?? "-";
}
