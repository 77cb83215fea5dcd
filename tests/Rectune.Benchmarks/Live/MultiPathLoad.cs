using System.Globalization;
using Newtonsoft.Json.Linq;
using Rectune.Benchmarks.Profiles;
using Rectune.Core.Formats;

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
        var seconds = options.Number("--seconds", 5);
        var rounds = options.Whole("--rounds", 3);
        var folder = Directory.CreateTempSubdirectory("rectune-multipath-").FullName;
        report.Text.Append(CultureInfo.InvariantCulture, $"- {model}, table and {good} in full precision, p99 ≤ {limit} ms; each load held for {seconds} s of live load in process, all loads of one plan after all of another, {rounds} rounds; medians, and the range of the ratios\n");
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
            var free = WithoutFloor(floored, Path.Combine(folder, "free.json"));
            var chosen = JObject.Parse(File.ReadAllText(all))["paths"]!.Count();
            report.Text.Append(CultureInfo.InvariantCulture, $"- where every path was allowed, the plan chosen was of {(chosen == 1 ? "one path: the promise of both is more than 3 % lower, and they answer 0.24 % better at most" : $"{chosen} paths")}; here both are scheduled whatever the planner prefers\n\n");
            Table(report, "every path allowed", capacity, [("together", free), ("table", fast), ("good", slow)], seconds, rounds);
            Table(report, "under the floor", capacity, [("together", floored), ("good", slow)], seconds, rounds);
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

    /// <summary>The same plan, its paths chosen by slack alone.</summary>
    private static string WithoutFloor(string plan, string file)
    {
        var document = PlanFormat.Read(File.ReadAllText(plan), plan);
        File.WriteAllText(file, PlanFormat.Write(PlanFormat.Seal(document with { Scheduler = document.Scheduler with { QualityMin = null } })));
        return file;
    }

    private static void Table(Report report, string title, double capacity, (string Name, string Plan)[] plans, double seconds, int rounds)
    {
        report.Text.Append(CultureInfo.InvariantCulture, $"## {title}\n\n| load | {string.Join(" | ", plans.Select(plan => $"{plan.Name}, correct/s"))} | together over the best alone | together: over the limit | refused | refused after, p99, ms | p99 of the accepted, ms |\n|---|{string.Concat(plans.Select(_ => "---|"))}---|---|---|---|---|\n");

        // [rounds][plans][loads]
        var seen = Enumerable.Range(0, rounds).Select(_ => plans.Select(plan => Held(plan.Plan, capacity, seconds)).ToArray()).ToArray();
        var (peak, overload, ratios) = (0.0, 0.0, new List<double>());
        for (var load = 0; load < Shares.Length; load++)
        {
            double[] correct = [.. plans.Select((_, plan) => Median(seen.Select(round => Value(round[plan][load], "correctPerSecond") ?? 0)))];
            double[] over = [.. seen.Select(round => (Value(round[0][load], "correctPerSecond") ?? 0) / round[1..].Max(one => Value(one[load], "correctPerSecond") ?? 0))];
            if (load < Shares.Length - 1)
            {
                peak = Math.Max(peak, correct[0]);
                ratios.Add(Median(over));
            }
            else
            {
                overload = correct[0];
            }

            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"| {Shares[load]:P0} ({Shares[load] * capacity:F0}) | {string.Join(" | ", correct.Select(value => value.ToString("F0", CultureInfo.InvariantCulture)))} | {Median(over):F3} ({over.Min():F3}–{over.Max():F3}) | {Figure("overLimitShare"):P2} | {Figure("refusedShare") ?? 0:P2} | {Shown(Figure("refusedP99Ms"))} | {Shown(Figure("acceptedP99Ms") ?? Figure("p99Ms"))} |\n");
            report.Text.Append(line);
            Console.Error.Write(line);

            double? Figure(string name)
            {
                double[] values = [.. seen.Select(round => Value(round[0][load], name)).OfType<double>()];
                return values.Length == 0 ? null : Median(values);
            }
        }

        report.Text.Append(CultureInfo.InvariantCulture, $"\n- together over the best path alone: {ratios.Min():F3} at least, {ratios.Max():F2} at most, up to {Shares[^2]:P0}; at {Shares[^1]:P0} {overload / peak:P0} of the peak\n\n");
    }

    /// <summary>What was measured at every load.</summary>
    private static JObject[] Held(string plan, double capacity, double seconds)
    {
        var rates = string.Join(',', Shares.Select(share => (share * capacity).ToString("R", CultureInfo.InvariantCulture)));
        var answer = RectuneProgram.Answer("verify", plan, "--json", "--qps", rates, "--for", string.Create(CultureInfo.InvariantCulture, $"{seconds}s"))
            ?? throw new InvalidOperationException($"{plan} was not verified");
        return [.. answer["rates"]!.Select(rate => (JObject)rate["measured"]!)];
    }

    private static double Median(IEnumerable<double> values) => Report.Median(values);

    private static double? Value(JObject performance, string figure) => performance[figure]?["value"]?.Value<double>();

    private static string Shown(double? value) => value?.ToString("F2", CultureInfo.InvariantCulture) ?? "-";
}
