using System.Text.Json;
using Newtonsoft.Json.Linq;
using Rectune.Core.Domain;

namespace Rectune.Benchmarks.Models;

/// <summary>The same model in PyTorch, fp32: the same weights and candidates, tables of the same size with rows of its own.</summary>
internal sealed class TorchModel : IDisposable
{
    private readonly ExchangeFiles files;
    private readonly PythonProcess process;

    /// <param name="threads">Most threads that will be asked for.</param>
    public TorchModel(ModelCard card, FeatureBatch pool, ulong seed, int threads)
    {
        files = new ExchangeFiles(card, pool, seed);
        process = new PythonProcess("zoo_torch.py", threads, PythonProcess.Torch);
        var loaded = process.Ask(new
        {
            cmd = "load",
            card = new
            {
                denseFeatures = card.DenseFeatures,
                sparse = card.Sparse.Select(feature => new { rows = feature.Rows, dim = feature.Dim, lookups = feature.Lookups, group = feature.Group }),
                bottomMlp = card.BottomMlp,
                interaction = JsonNamingPolicy.KebabCaseLower.ConvertName(card.Interaction.ToString()),
                attention = card.Attention,
                topMlp = card.TopMlp,
                heads = card.Heads is { } heads ? new { tasks = heads.Tasks, mlp = heads.Mlp } : null,
                output = JsonNamingPolicy.KebabCaseLower.ConvertName(card.Output.ToString()),
            },
            parameters = files.Parameters,
            weights = files.Weights,
            indices = files.Indices,
            dense = files.Dense,
        });
        Version = loaded["torch"]!.Value<string>()!;
        Forms = [.. loaded["forms"]!.Values<string>().Select(form => form!)];
    }

    public string Version { get; }

    /// <summary>Equivalent ways to write the model.</summary>
    public IReadOnlyList<string> Forms { get; }

    /// <summary>Scores <c>[samples, outputs]</c> of the pool's first samples for given sums of rows.</summary>
    /// <param name="pooled"><c>[samples, sum of dims]</c></param>
    public float[] Scores(string form, int samples, float[] pooled) => Check("scores", form, samples, pooled);

    /// <summary>The same before the last activation.</summary>
    public float[] Logits(string form, int samples, float[] pooled) => Check("logits", form, samples, pooled);

    /// <summary>Microseconds of the median run of a visit.</summary>
    public double MedianUs(string form, int threads, int batch, double seconds) =>
        Report.Median(process.Ask(new { cmd = "time", form, threads, batch, seconds })["us"]!.Values<double>());

    public void Dispose()
    {
        process.Dispose();
        files.Dispose();
    }

    private float[] Check(string what, string form, int samples, float[] pooled) =>
        [.. process.Ask(new { cmd = "check", form, samples, pooled = files.WritePooled(pooled) })[what]!.Values<float>()];
}
