using System.Diagnostics;
using System.Globalization;
using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Scheduling;
using Rectune.Core.Simulation;
using Rectune.Core.Workloads;

namespace Rectune.Benchmarks.Simulation;

/// <summary>Queries simulated a second on one core, by the classes that plan: one path under the static scheduler, and eight under the one that chooses among them.</summary>
internal static class SimulatorSpeed
{
    private const int Queries = 100_000;
    private const int ManyPaths = 8;

    public static int Run(Options options)
    {
        var seconds = options.Number("--seconds", 20);
        var report = new Report(options, "Speed of the simulator");
        report.Text.Append(CultureInfo.InvariantCulture, $"- one thread, {Queries} queries a run, at 70 % of what the path could serve without queueing; service times of 50 µs a run and 5 µs a sample with a tail of 5 %\n\n");
        report.Text.Append("| query sizes | instances | split/batch | queries/s, median | range | runs of the path a query |\n|---|---|---|---|---|---|\n");
        (IQuerySizes Sizes, int Instances, int Split, int MaxBatch)[] cases =
        [
            (new FixedSizes(64), 1, 64, 64),
            (new FixedSizes(64), 2, 64, 256),
            (new DeepRecSysProductionSizes(), 2, 1024, 1024),
            (new DeepRecSysProductionSizes(), 2, 128, 256),
            (new DeepRecSysProductionSizes(), 8, 64, 128),
        ];
        foreach (var (sizes, instances, split, maxBatch) in cases)
        {
            double[] speeds = [.. Speeds(sizes, instances, split, maxBatch, seconds / cases.Length, out var runs).Order()];
            report.Text.Append(CultureInfo.InvariantCulture, $"| {sizes.Name} | {instances} | {split}/{maxBatch} | {Report.Median(speeds) / 1e6:F2} M | {speeds[0] / 1e6:F2}–{speeds[^1] / 1e6:F2} M | {runs:F2} |\n");
        }

        foreach (var sizes in new IQuerySizes[] { new FixedSizes(64), new DeepRecSysProductionSizes() })
        {
            double[] speeds = [.. ManyPathSpeeds(sizes, seconds / cases.Length, out var runs).Order()];
            report.Text.Append(CultureInfo.InvariantCulture, $"| {sizes.Name}, {ManyPaths} paths, multi-path | 2 | 128/256 | {Report.Median(speeds) / 1e6:F2} M | {speeds[0] / 1e6:F2}–{speeds[^1] / 1e6:F2} M | {runs:F2} |\n");
        }

        report.Write("simulator.md");
        return 0;
    }

    private static List<double> Speeds(IQuerySizes sizes, int instances, int split, int maxBatch, double seconds, out double runsAQuery)
    {
        var settings = new SchedulerSettings { Policy = "static", Instances = instances, SplitSamples = split, MaxBatch = maxBatch, BatchWindowUs = 0, QueueLimit = 1024 };
        var simulator = new QueueSimulator(settings, new ServiceTimeModel(Curve(1), maxBatch));
        var meanUs = 50 + (5 * Math.Min(sizes.MeanSamples, split));
        return Speeds(simulator, sizes, 0.7 * instances * 1e6 * Math.Min(sizes.MeanSamples, split) / meanUs / sizes.MeanSamples, seconds, out runsAQuery);
    }

    /// <summary>Each path takes longer than the one before and answers better; the load is what the fastest serves at 70 %.</summary>
    private static List<double> ManyPathSpeeds(IQuerySizes sizes, double seconds, out double runsAQuery)
    {
        double[] times = [.. Enumerable.Range(0, ManyPaths).Select(path => 1 + (0.5 * path))];
        var settings = new SchedulerSettings
        {
            Policy = SchedulingPolicies.MultiPath,
            Instances = 2,
            SplitSamples = 128,
            MaxBatch = 256,
            BatchWindowUs = 0,
            QueueLimit = 1024,
            LimitUs = 20_000,
            SlackShare = 0.5,
            HysteresisShare = 0.1,
            Paths = [.. times.Select((by, path) => new ScheduledPath
            {
                Id = $"path-{path}",
                Device = "cpu",
                Instances = 2,
                MaxBatch = 256,
                Quality = 0.78 + (0.002 * path),
                Planned = [new PlannedTime { Batch = 1, Us = 55 * by }, new PlannedTime { Batch = 256, Us = by * (50 + (5.0 * 256)) }],
                TypicalShare = 0.95,
            })],
        };
        var simulator = new QueueSimulator(settings, [.. times.Select(by => new ServiceTimeModel(Curve(by), 256))]);
        return Speeds(simulator, sizes, 0.7 * 2 * 1e6 * 128 / (50 + (5 * 128)) / sizes.MeanSamples, seconds, out runsAQuery);
    }

    private static List<double> Speeds(QueueSimulator simulator, IQuerySizes sizes, double qps, double seconds, out double runsAQuery)
    {
        var workload = SimulatedWorkload.Draw(new PoissonArrivals(), sizes, Queries, seed: 1, replication: 0);
        var latencies = new double[Queries];
        List<double> speeds = [];
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < seconds || speeds.Count < 5)
        {
            var start = Stopwatch.GetTimestamp();
            simulator.Run(workload.Instants, 1e9 / qps, workload.Sizes, workload.Seed, 1, latencies);
            speeds.Add(Queries / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        runsAQuery = (double)simulator.Runs / Queries;
        return speeds;
    }

    private static ServiceCurve Curve(double times)
    {
        var terms = new ServiceTerms { PrepareUs = 1, ComputeUs = 1, CopyOutUs = 1 };
        return new ServiceCurve
        {
            Points = [.. new[] { 1, 1024 }.Select(batch => new ServicePoint { Batch = batch, MedianUs = times * (50 + (5.0 * batch)), P99Us = times * (60 + (6.0 * batch)), Terms = terms })],
            Residuals = [.. Enumerable.Range(0, MachineSpread.ResidualQuantiles).Select(i => 0.97 + (0.08 * i / (MachineSpread.ResidualQuantiles - 1)))],
            Source = Provenance.Assumed,
        };
    }
}
