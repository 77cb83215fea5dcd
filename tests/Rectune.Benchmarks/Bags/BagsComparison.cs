using System.Globalization;
using Rectune.Engine.Limits;
using Rectune.Core.Domain;
using Rectune.Engine.Kernels;

namespace Rectune.Benchmarks.Bags;

/// <summary>
/// Pooling here in every precision against PyTorch's embedding bags in fp32, and both against what the machine can fetch. In every round each is visited
/// in turn, so that drift hits all; a ratio is formed within a round, and the report gives its median and range over the rounds.
/// </summary>
internal static class BagsComparison
{
    private const int Rounds = 9;

    public static int Run(Options options)
    {
        var workload = new BagsWorkload(options);
        var threads = options.Whole("--threads", 1);
        var report = new Report(options, "Embedding bags against PyTorch and the machine");
        using var team = new LockstepThreads(threads);
        var kernel = new PooledEmbeddings();
        Console.Error.WriteLine($"generating {(long)workload.Rows * workload.Features.Count} rows in every precision and in PyTorch ...");
        var tables = TablePrecisions.All.Select(precision => new BagTables(workload, precision, team)).ToArray();
        using var torch = new TorchBags(workload, tables[0].Tables, threads, options.Has("--torch-huge-pages"));
        using var gather = new GatherLimit(workload.Features.Count * (long)workload.Rows * tables[0].RowBytes, team, TimeProvider.System);
        using var stream = new StreamBandwidth(team, TimeProvider.System);

        var theirs = new BagFigures("PyTorch fp32", tables[0].RowBytes, null);
        var expected = torch.FirstBatch();
        var ours = tables.Select(t => new BagFigures(t.Precision.Name(), t.RowBytes, LargestError(t, kernel, expected))).ToArray();
        var sequence = workload.RowSequence();
        var visit = TimeSpan.FromSeconds(options.Number("--seconds", 120) / (Rounds * ((2 * tables.Length) + 2)));
        var bandwidths = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            theirs.RowsPerSecond.Add(torch.RowsPerSecond(visit));
            for (var i = 0; i < tables.Length; i++)
            {
                ours[i].RowsPerSecond.Add(tables[i].RowsPerSecond(kernel, visit));
            }

            foreach (var figures in ours)
            {
                figures.LimitRowsPerSecond.Add(gather.Best(figures.RowBytes, sequence, visit).RowsPerSecond);
            }

            theirs.LimitRowsPerSecond.Add(ours[0].LimitRowsPerSecond[^1]);
            bandwidths.Add(stream.Measure(visit));
        }

        Describe(report, workload, kernel, torch.Description, threads, visit);
        Tabulate(report, workload, theirs, ours, Report.Median(bandwidths));
        report.Write("bags.md");
        Array.ForEach(tables, t => t.Dispose());
        return 0;
    }

    private static double LargestError(BagTables tables, PooledEmbeddings kernel, float[] expected)
    {
        tables.Pool(kernel, 0);
        return tables.Pooled.Zip(expected, (a, b) => Math.Abs((double)a - b)).Max();
    }

    private static void Describe(Report report, BagsWorkload workload, PooledEmbeddings kernel, string torch, int threads, TimeSpan visit)
    {
        report.Text.Append(
            CultureInfo.InvariantCulture,
            $"- {workload.Features.Count} tables × {workload.Rows} rows × {workload.Dim} elements, {workload.Lookups} uniform ids a table, sums, batches of {workload.Batch}\n");
        report.Text.Append(
            CultureInfo.InvariantCulture, $"- here: .NET {report.Machine.Runtime.Dotnet}, {kernel.Implementation}, {threads} thread(s), tables on huge pages where the system grants them\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"- {torch}; EmbeddingBag, 64-bit ids, inference mode\n");
        report.Text.Append(
            CultureInfo.InvariantCulture,
            $"- {Rounds} rounds, all in turn, {visit.TotalSeconds:F2} s a visit; medians of batches within a visit, ratios within a round; medians and ranges over the rounds\n");
        report.Text.Append("- limit: the most rows a second that one word of every line can be read of, in the same order, best prefetch distance of each round\n\n");
    }

    private static void Tabulate(Report report, BagsWorkload workload, BagFigures theirs, BagFigures[] ours, double bandwidth)
    {
        report.Text.Append("| pooling | µs a batch | M rows/s | GB/s of rows | of sequential reading | against PyTorch, median | range | limit, M rows/s | share of limit | largest error |\n");
        report.Text.Append("|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var figures in (BagFigures[])[theirs, .. ours])
        {
            var rate = Report.Median(figures.RowsPerSecond);
            var ratios = figures.RowsPerSecond.Zip(theirs.RowsPerSecond, (a, b) => a / b).Order().ToArray();
            var shares = figures.RowsPerSecond.Zip(figures.LimitRowsPerSecond, (a, b) => a / b);
            report.Text.Append(
                CultureInfo.InvariantCulture,
                $"| {figures.Name} | {workload.RowsPerBatch / rate * 1e6:F0} | {rate / 1e6:F1} | {rate * figures.RowBytes / 1e9:F1} | {rate * figures.RowBytes / 1e9 / bandwidth:P0} ");
            report.Text.Append(
                CultureInfo.InvariantCulture,
                $"| {Report.Median(ratios):F2}× | {ratios[0]:F2}–{ratios[^1]:F2} | {Report.Median(figures.LimitRowsPerSecond) / 1e6:F1} | {Report.Median(shares):P0} ");
            report.Text.Append(figures.LargestError is { } error ? string.Create(CultureInfo.InvariantCulture, $"| {error:E1} |\n") : "| – |\n");
        }

        report.Text.Append(CultureInfo.InvariantCulture, $"\nSequential reading of {StreamBandwidth.Bytes >> 20} MiB: {bandwidth:F1} GB/s (median of the rounds).\n");
    }
}
