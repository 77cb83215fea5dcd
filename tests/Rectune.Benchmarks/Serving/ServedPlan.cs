using System.Globalization;
using Newtonsoft.Json.Linq;
using Rectune.Benchmarks.Profiles;

namespace Rectune.Benchmarks.Serving;

/// <summary>A plan that <c>rectune plan</c> made for a workload, and <c>rectune apply</c> serves.</summary>
internal sealed class ServedPlan
{
    private readonly string file;

    /// <param name="name">Of its files in the model's folder.</param>
    /// <param name="known">Names of plans made before, whose measurements are used again.</param>
    /// <param name="space">What narrows the search.</param>
    public ServedPlan(ComparedModel model, string name, string sla, string workload, string budget, IEnumerable<string> known, params string[] space)
    {
        file = Path.Combine(model.Folder, $"{name}.json");
        string[] profiles = [.. known.SelectMany(other => new[] { "--profile", Path.Combine(model.Folder, $"{other}.measurements.jsonl") })];
        string[] command =
        [
            "plan", "--model", model.CardFile, "--sla", sla, "--workload", workload, "--seed", ComparedModel.Seed.ToString(CultureInfo.InvariantCulture), "--budget", budget,
            "--out", file, "--json", .. space, .. profiles,
        ];

        // Live load may refute a first answer; the second goes on from what was measured.
        var plan = RectuneProgram.Answer(command) ?? RectuneProgram.Answer(command) ?? throw new InvalidOperationException($"no plan '{name}' for {workload} at {sla}");
        Paths = string.Join(" and ", plan["paths"]!.Select(path => path["id"]!.Value<string>()));
        PromisedQps = plan["promise"]!["qps"]!.Value<double>();
    }

    /// <summary>Identifiers of its paths.</summary>
    public string Paths { get; }

    /// <summary>Promised in process, queries a second.</summary>
    public double PromisedQps { get; }

    public ServerProcess Start() => new(RectuneProgram.Launcher, ["apply", file, "--urls", "http://127.0.0.1:0"]);
}
