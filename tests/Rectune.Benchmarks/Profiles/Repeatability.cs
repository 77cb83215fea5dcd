using System.Diagnostics;
using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;
using Rectune.Core.Numerics;
using Rectune.Core.Planning;
using Rectune.Core.Workloads;
using Rectune.Engine.Data;
using Rectune.Engine.Kernels;
using Rectune.Engine.Sessions;

namespace Rectune.Benchmarks.Profiles;

/// <summary>
/// The same paths measured twice, in separate runs, while another process loads the last core in random bursts: by <c>rectune profile</c>, and one after another with every run
/// counted, as a loop around a stopwatch does.
/// </summary>
internal static class Repeatability
{
    /// <summary>Medians of two runs that differ by no more agree.</summary>
    private const double Agreement = 0.03;

    private const int Paths = 20;

    private const ulong Seed = 1;

    private static readonly int[] Batches = [16, 64, 256];

    public static int Run(Options options)
    {
        var seconds = options.Number("--seconds", 60);
        var model = options.Text("--model", "dlrm");
        var report = new Report(options, "Two measurements of the same paths under a bursty neighbour");
        var culture = CultureInfo.InvariantCulture;
        report.Text.Append(culture, $"- {model}, {Paths} paths, {seconds} s a run; a second process loads the last core in bursts of {BurstLoad.MeanSeconds} s on average, with pauses as long\n");
        report.Text.Append("- rectune: `profile`, three processes, interleaved rounds, disturbed runs kept apart; loop: one path after another, every run counted, median\n\n");
        using var load = new BurstLoad(seed: 7);
        var profiled = new[] { Profiled(model, seconds), Profiled(model, seconds) };
        var paths = profiled[0].Keys.Where(profiled[1].ContainsKey).Order().Take(Paths).ToArray();
        var looped = new[] { Looped(model, paths, seconds), Looped(model, paths, seconds) };
        report.Text.Append("| path, batch | rectune, µs | again | differs by | loop, µs | again | differs by |\n|---|---|---|---|---|---|---|\n");
        var (own, loop) = (new List<double>(), new List<double>());
        foreach (var path in paths)
        {
            own.Add(Difference(profiled, path));
            loop.Add(Difference(looped, path));
            report.Text.Append(
                culture,
                $"| {path.Id}, {path.Batch} | {profiled[0][path]:F1} | {profiled[1][path]:F1} | {own[^1]:P1} | {looped[0][path]:F1} | {looped[1][path]:F1} | {loop[^1]:P1} |\n");
        }

        report.Text.Append(culture, $"\nWithin {Agreement:P0}: rectune {own.Count(d => d <= Agreement)} of {paths.Length}, loop {loop.Count(d => d <= Agreement)} of {paths.Length}; ");
        report.Text.Append(culture, $"median difference {Report.Median(own):P1} and {Report.Median(loop):P1}, largest {own.Max():P1} and {loop.Max():P1}.\n");
        report.Write("repeatability.md");
        return 0;
    }

    private static double Difference(Dictionary<(string Id, int Batch), double>[] runs, (string, int) path) =>
        Math.Abs(runs[0][path] - runs[1][path]) / Math.Min(runs[0][path], runs[1][path]);

    private static Dictionary<(string Id, int Batch), double> Profiled(string model, double seconds)
    {
        var folder = Directory.CreateTempSubdirectory("rectune-repeat").FullName;
        var batches = string.Join(',', Batches);
        var budget = string.Create(CultureInfo.InvariantCulture, $"{seconds:F0}s");
        var code = RectuneProgram.Run(
            "profile", "--model", model, "--set", $"instances=1,batch={batches}", "--set", "table-precision=fp32,int8", "--set", "dense-precision=fp32,int8", "--budget", budget, "--out", folder);
        if (code != 0)
        {
            throw new InvalidOperationException($"rectune profile ended with {code}");
        }

        var journal = Path.Combine(folder, "measurements.jsonl");
        var rows = JournalFormat.Read(File.ReadAllText(journal), journal).Rows;
        var book = new MeasurementBook(rows[0].Key);
        foreach (var row in rows)
        {
            book.Add(row);
        }

        Directory.Delete(folder, recursive: true);
        return book.Rows.ToDictionary(row => (row.Key.Configuration.Id(), row.Key.Batch), row => row.MedianUs());
    }

    private static Dictionary<(string Id, int Batch), double> Looped(string model, IReadOnlyList<(string Id, int Batch)> paths, double seconds)
    {
        var card = Zoo.TryGetText(model, out var text) ? CardFormat.Read(text, model) : throw new InvalidOperationException($"no model {model}");
        var graphs = new ModelGraphs(card, Seed);
        using var store = new TableStore(new RandomRows(Seed), Environment.ProcessorCount);
        var pool = CandidatePool.Synthetic(card, SkewText.Of(card.Skew.ZipfExponent, card.Skew.Source), Seed, Environment.ProcessorCount).Features;
        var configurations =
            from tables in new[] { TablePrecision.Fp32, TablePrecision.Int8 }
            from dense in DensePrecision.All
            from threads in new[] { 1, 2 }
            select new Configuration { Representation = Representation.Table, TablePrecision = tables, DensePrecision = dense, Device = "cpu", Threads = threads, Instances = 1 };
        var medians = new Dictionary<(string, int), double>();
        foreach (var configuration in configurations)
        {
            var wanted = paths.Where(path => path.Id == configuration.Id()).ToArray();
            if (wanted.Length == 0)
            {
                continue;
            }

            var stored = store.Open(graphs.Design(configuration.Representation), configuration, new Progress<double>(), CancellationToken.None);
            using var instance = new PathInstance(graphs, stored, configuration, Batches.Max());
            instance.BindCaller();
            foreach (var path in wanted)
            {
                medians[path] = Loop(instance, pool, path.Batch, TimeSpan.FromSeconds(seconds / paths.Count));
            }

            CoreSet.Allowed.BindCaller();
        }

        return medians;
    }

    private static double Loop(PathInstance instance, FeatureBatch pool, int batch, TimeSpan limit)
    {
        var us = new List<double>();
        var at = 0;
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < limit || us.Count < 5)
        {
            at = at + batch > pool.Samples ? 0 : at;
            var start = Stopwatch.GetTimestamp();
            instance.Begin();
            instance.Add(pool, at, batch);
            instance.Pool();
            instance.Score();
            us.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            at += batch;
        }

        return Report.Median(us[2..]);
    }
}
