using Newtonsoft.Json.Linq;

namespace Rectune.Benchmarks.Prediction;

/// <summary>Optuna's samplers over a recorded space: its knobs as categories, combinations that do not exist pruned at no cost.</summary>
internal sealed class OptunaSearch(RecordedSpace space) : IDisposable
{
    private readonly PythonProcess process = new("search_optuna.py", threads: 1, packages: "python3-optuna");

    /// <summary>The order in which a sampler comes to paths it has not seen, until it has spent so many seconds of measuring.</summary>
    /// <param name="sampler"><c>tpe</c>, which looks for the best rate, or <c>nsga2</c>, which looks for the frontier of rate and memory.</param>
    public SearchTrace Run(string sampler, ulong seed, double mostSeconds)
    {
        var answer = process.Ask(new
        {
            sampler,
            seed,
            mostSeconds,
            levels = space.Paths.Select(path => path.Points[0].Point.Levels),
            values = space.Values,
            memory = space.MemoryBytes,
            seconds = space.Seconds,
        });
        return SearchTrace.Of(space, answer["order"]!.Select(path => path.Value<int>()));
    }

    public string Version => process.Ask(new { sampler = "version" }).Value<string>("version")!;

    public void Dispose() => process.Dispose();
}
