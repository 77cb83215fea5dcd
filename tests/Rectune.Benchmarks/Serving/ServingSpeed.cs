using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Engine.Kernels;
using Rectune.Engine.Load;

namespace Rectune.Benchmarks.Serving;

/// <summary>What the server in process costs over the engine alone: throughput under a backlog and latency at light load, side by side in turn.</summary>
internal static class ServingSpeed
{
    private const int Samples = 128;

    /// <summary>Queries at light load, and the time between them.</summary>
    public const int LightRuns = 400;
    public const double LightGapUs = 4_000;

    /// <summary>Longer than between two queries at light load.</summary>
    public static readonly TimeSpan Spin = TimeSpan.FromMilliseconds(10);

    public static int Run(Options options)
    {
        var report = new Report(options, "The server beside the engine alone");
        var rounds = options.Whole("--rounds", 7);
        var seconds = options.Number("--seconds", 2);
        var name = options.Text("--model", "dlrm");
        using var model = new ServedModel(name, options.Whole("--rows-cap", 200_000));
        report.Text.Append(CultureInfo.InvariantCulture, $"- {name}, fp32 tables of at most {options.Text("--rows-cap", "200000")} rows, queries of {Samples} samples, one instance on the first core, queries sent from the second; in process, with the server's counters and latency histogram on\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"- in turn, {rounds} rounds; saturated: {seconds} s each with 64 queries inside; light: {LightRuns} queries every {LightGapUs / 1e3} ms, from the scheduled instant, the engine's thread waiting for it as the server's sender does\n\n");
        var (ratios, added, addedSpinning, raw, collections) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), 0);
        for (var round = 0; round < rounds; round++)
        {
            var alone = RawLoop.SamplesPerSecond(model, Samples, seconds);
            double served;
            using (var server = model.Server(Samples, TimeSpan.Zero))
            {
                using var backlog = new Backlog(server, model.Pool, Samples, CoreSet.Allowed.Share(1, 2));
                var before = GC.CollectionCount(GC.MaxGeneration);
                served = backlog.SamplesPerSecond(seconds);
                collections += GC.CollectionCount(GC.MaxGeneration) - before;
            }

            ratios.Add(served / alone);
            raw.Add(alone);
            var engine = Report.Median(RawLoop.LatenciesUs(model, Samples, LightRuns, LightGapUs));
            var light = LightUs(model, TimeSpan.Zero) - engine;
            var spinning = LightUs(model, Spin) - engine;
            added.Add(light);
            addedSpinning.Add(spinning);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}: {served / alone:P1} of {alone:F0} samples/s; {engine:F0} us alone, {light:+0;-0} us in the server, {spinning:+0;-0} us where it looks for work"));
        }

        report.Text.Append("| figure | median | range |\n|---|---|---|\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"| engine alone, samples/s | {Report.Median(raw):F0} | {raw.Min():F0}–{raw.Max():F0} |\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"| saturated server over the engine alone | {Report.Median(ratios):P1} | {ratios.Min():P1}–{ratios.Max():P1} |\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"| added to a query's p50 at light load, us | {Report.Median(added):F0} | {added.Min():F0}–{added.Max():F0} |\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"| the same where the idle instance looks for work (`apply --spin 10ms`), us | {Report.Median(addedSpinning):F0} | {addedSpinning.Min():F0}–{addedSpinning.Max():F0} |\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"| collections of generation {GC.MaxGeneration} under the backlog | {collections} | |\n");
        report.Write("serving.md");
        return 0;
    }

    /// <summary>A query's p50 through the server at light load, microseconds.</summary>
    private static double LightUs(ServedModel model, TimeSpan spin)
    {
        using var server = model.Server(Samples, spin);
        return LightUs(server, model.Pool, Samples);
    }

    /// <summary>A query's p50 through any target at light load, microseconds from the scheduled instant.</summary>
    public static double LightUs(IQueryTarget target, FeatureBatch pool, int samples, GeneratorUrgency urgency = GeneratorUrgency.Ordinary)
    {
        long[] instants = [.. Enumerable.Range(0, LightRuns).Select(i => (long)(i * LightGapUs * 1e3))];
        int[] sizes = [.. Enumerable.Repeat(samples, LightRuns)];
        var result = new OpenLoopGenerator(pool, TimeProvider.System, urgency).Run(target, instants, sizes, seed: 1, TimeSpan.FromSeconds(5), CancellationToken.None);
        return 1e3 * Report.Median(result.LatencyMs);
    }
}
