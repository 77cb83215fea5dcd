using System.Diagnostics;
using System.Globalization;
using Newtonsoft.Json.Linq;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;
using Rectune.Core.Onnx;
using Rectune.Engine.Data;
using Rectune.Engine.Sessions;

namespace Rectune.Benchmarks;

/// <summary>
/// DLRM here against DLRM in PyTorch: same dense weights, same table shapes, same candidates, one thread each, visited in turn so that drift hits both.
/// The speed-up of a round is the ratio of the two medians of that round; the report gives its median and range over the rounds.
/// </summary>
internal static class PyTorchComparison
{
    private const int Rounds = 9;

    private const ulong Seed = 1;

    public static int Run(Options options)
    {
        var seconds = options.Number("--seconds", 40);
        var batches = options.Text("--batches", "1,16,128,1024").Split(',').Select(b => int.Parse(b, CultureInfo.InvariantCulture)).ToArray();
        if (!Zoo.TryGetText("dlrm", out var text))
        {
            throw new InvalidOperationException("the zoo has no dlrm");
        }

        var card = CardFormat.Read(text, "dlrm.json");
        var report = new Report(options, "DLRM (Criteo Kaggle shape) against PyTorch");
        var pool = CandidatePool.Synthetic(card, new IndexSkew { Kind = SkewKind.Zipf, ZipfExponent = card.Skew.ZipfExponent, Source = card.Skew.Source }, Seed, Environment.ProcessorCount).Features;

        Console.Error.WriteLine("generating 33.7 million rows on both sides ...");
        using var torch = new PyTorchProcess("dlrm_torch.py", 1);
        using var files = new ExchangeFiles(card, pool, Seed);
        var loaded = torch.Ask(new
        {
            cmd = "load",
            rows = card.Sparse.Select(f => f.Rows),
            dim = card.Sparse[0].Dim,
            dense = card.DenseFeatures,
            bottom = card.BottomMlp,
            top = card.TopMlp,
            weights = files.Weights,
            threads = 1,
        });
        using var tables = new TableStore(new RandomRows(Seed), Environment.ProcessorCount);
        var graphs = new ModelGraphs(card, Seed);
        var configuration = new Configuration
        {
            Representation = Representation.Table,
            TablePrecision = TablePrecision.Fp32,
            Device = "cpu",
            Threads = 1,
            Instances = 1,
        };
        using var instance = new PathInstance(graphs, tables.Open(graphs.Design(Representation.Table), configuration, new Progress<double>(), CancellationToken.None), configuration, batches.Max());
        var maxError = files.MaxScoreError(torch, instance, tables, card, pool);

        var perVisit = seconds / (batches.Length * Rounds * 2);
        var ours = batches.ToDictionary(b => b, _ => new List<double>());
        var theirs = batches.ToDictionary(b => b, _ => new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var batch in batches)
            {
                ours[batch].Add(Report.Median(Time(instance, pool, batch, perVisit)));
                theirs[batch].Add(Report.Median(torch.Ask(new { cmd = "time", batch, seconds = perVisit, indices = files.Indices })["us"]!.Values<double>()));
            }
        }

        Describe(report, loaded["torch"]!.Value<string>()!, maxError, perVisit, batches, ours, theirs);
        report.Write("pytorch-dlrm.md");
        return 0;
    }

    private static List<double> Time(PathInstance instance, FeatureBatch pool, int batch, double seconds)
    {
        var us = new List<double>();
        var at = 0;
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun).TotalSeconds < seconds || us.Count < 5)
        {
            at = at + batch <= pool.Samples ? at : 0;
            var start = Stopwatch.GetTimestamp();
            instance.Begin();
            instance.Add(pool, at, batch);
            instance.Pool();
            instance.Score();
            us.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            at += batch;
        }

        return us[2..];
    }

    private static void Describe(
        Report report, string torch, double maxError, double perVisit, int[] batches, Dictionary<int, List<double>> ours, Dictionary<int, List<double>> theirs)
    {
        var (text, machine) = (report.Text, report.Machine);
        text.Append($"- here: ONNX Runtime {machine.Runtime.OnnxRuntime}, .NET {machine.Runtime.Dotnet}; fp32 tables (33.7 M rows × 16), fp32 dense part, 1 thread\n");
        text.Append($"- PyTorch {torch}, 1 thread, EmbeddingBag + Linear, inference mode\n");
        text.Append(CultureInfo.InvariantCulture, $"- {Rounds} rounds, the two in turn, {perVisit:F2} s a visit; speed-up = ratio of the medians of a round; range over the rounds\n");
        text.Append(CultureInfo.InvariantCulture, $"- largest difference of a score over 1,024 candidates: {maxError:E1}\n\n");
        text.Append("| batch | here, µs (measured) | PyTorch, µs (measured) | here, samples/s | speed-up, median | range |\n|---|---|---|---|---|---|\n");
        foreach (var batch in batches)
        {
            var ratios = ours[batch].Zip(theirs[batch], (a, b) => b / a).Order().ToArray();
            text.Append(CultureInfo.InvariantCulture,
                $"| {batch} | {Report.Median(ours[batch]):F1} | {Report.Median(theirs[batch]):F1} | {batch / Report.Median(ours[batch]) * 1e6:F0} | {Report.Median(ratios):F2}× | {ratios[0]:F2}–{ratios[^1]:F2} |\n");
        }
    }
}
