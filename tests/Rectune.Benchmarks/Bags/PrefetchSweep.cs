using System.Globalization;
using Rectune.Engine.Limits;
using Rectune.Core.Domain;
using Rectune.Engine.Kernels;

namespace Rectune.Benchmarks.Bags;

/// <summary>Rows a second at every prefetch distance and precision, the kernel beside the mere fetching of the same rows.</summary>
internal static class PrefetchSweep
{
    private const int Rounds = 5;

    public static int Run(Options options)
    {
        var workload = new BagsWorkload(options);
        using var team = new LockstepThreads(options.Whole("--threads", 1));
        var sequence = workload.RowSequence();
        var distances = GatherLimit.PrefetchDistances;
        var perPrecision = options.Number("--seconds", 120) / TablePrecisions.All.Count / Rounds / 2;
        Console.WriteLine("| precision | rows ahead | kernel, M rows/s | fetching alone, M rows/s |\n|---|---|---|---|");
        foreach (var precision in TablePrecisions.All)
        {
            using var tables = new BagTables(workload, precision, team);
            using var gather = new GatherLimit(workload.Features.Count * (long)workload.Rows * tables.RowBytes, team, TimeProvider.System);
            var pooled = distances.Select(_ => new List<double>()).ToArray();
            var fetched = distances.Select(_ => new List<double>()).ToArray();
            for (var round = 0; round < Rounds; round++)
            {
                var rates = gather.Rates(tables.RowBytes, sequence, TimeSpan.FromSeconds(perPrecision));
                for (var i = 0; i < distances.Count; i++)
                {
                    fetched[i].Add(rates[i].RowsPerSecond);
                    pooled[i].Add(tables.RowsPerSecond(new PooledEmbeddings(null, distances[i]), TimeSpan.FromSeconds(perPrecision / distances.Count)));
                }
            }

            for (var i = 0; i < distances.Count; i++)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {precision.Name()} | {distances[i]} | {Report.Median(pooled[i]) / 1e6:F1} | {Report.Median(fetched[i]) / 1e6:F1} |"));
            }
        }

        return 0;
    }
}
