using System.Globalization;
using Rectune.Engine.Limits;
using Rectune.Core.Numerics;

namespace Rectune.Benchmarks;

/// <summary>What this machine can do at most: reading in sequence, fetching random rows, multiplying matrices.</summary>
internal static class LimitsReport
{
    private const int LookedUp = 1 << 21;

    private const ulong Seed = 1;

    /// <summary>Bytes of a row of 64 elements in fp32, fp16 and int8, and of 16 elements in fp32.</summary>
    private static readonly int[] RowSizes = [256, 128, 72, 64];

    public static int Run(Options options)
    {
        var threads = options.Whole("--threads", 1);
        var rowCount = options.Whole("--rows", 4_000_000);
        var limit = TimeSpan.FromSeconds(options.Number("--seconds", 20) / (1 + RowSizes.Length + GemmPeak.Sizes.Count));
        var report = new Report(options, "Limits of the machine");
        var clock = TimeProvider.System;
        using var team = new LockstepThreads(threads);
        report.Text.Append(CultureInfo.InvariantCulture, $"- {threads} thread(s), {limit.TotalSeconds:F1} s a figure, the best pass; huge pages where the system grants them\n\n");

        using (var stream = new StreamBandwidth(team, clock))
        {
            report.Text.Append("| limit | measured |\n|---|---|\n");
            report.Text.Append(CultureInfo.InvariantCulture, $"| reading {StreamBandwidth.Bytes >> 20} MiB in sequence | {stream.Measure(limit):F1} GB/s |\n");
        }

        var rows = new int[LookedUp];
        var random = new SplitMix64(Seed);
        foreach (ref var row in rows.AsSpan())
        {
            row = (int)random.NextInt64(rowCount);
        }

        using (var gather = new GatherLimit((long)rowCount * RowSizes[0], team, clock))
        {
            foreach (var rowBytes in RowSizes)
            {
                var best = gather.Best(rowBytes, rows, limit);
                report.Text.Append(
                    CultureInfo.InvariantCulture,
                    $"| fetching random rows of {rowBytes} bytes among {rowCount} | {best.RowsPerSecond / 1e6:F1} M rows/s, {best.LinesPerSecond / 1e6:F1} M lines/s, prefetching {best.PrefetchRows} rows ahead |\n");
            }
        }

        foreach (var size in GemmPeak.Sizes)
        {
            report.Text.Append(CultureInfo.InvariantCulture, $"| fp32 product of size {size} | {GemmPeak.Measure(size, threads, limit, clock):F1} GFLOP/s |\n");
        }

        report.Write("limits.md");
        return 0;
    }
}
