using System.Diagnostics;
using System.Globalization;
using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Simulation;
using Rectune.Core.Workloads;

namespace Rectune.Benchmarks.Simulation;

/// <summary>Queries simulated a second on one core, by the classes that plan: one path, the static scheduler.</summary>
internal static class SimulatorSpeed
{
    private const int Queries = 100_000;

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

        report.Write("simulator.md");
        return 0;
    }

    private static List<double> Speeds(IQuerySizes sizes, int instances, int split, int maxBatch, double seconds, out double runsAQuery)
    {
        var settings = new SchedulerSettings { Policy = "static", Instances = instances, SplitSamples = split, MaxBatch = maxBatch, BatchWindowUs = 0, QueueLimit = 1024 };
        var service = new Counted(new ServiceTimeModel(Curve(), maxBatch));
        var simulator = new QueueSimulator(settings, service);
        var workload = SimulatedWorkload.Draw(new PoissonArrivals(), sizes, Queries, seed: 1, replication: 0);
        var meanUs = 50 + (5 * Math.Min(sizes.MeanSamples, split));
        var qps = 0.7 * instances * 1e6 * Math.Min(sizes.MeanSamples, split) / meanUs / sizes.MeanSamples;
        var latencies = new double[Queries];
        List<double> speeds = [];
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < seconds || speeds.Count < 5)
        {
            service.Runs = 0;
            var start = Stopwatch.GetTimestamp();
            simulator.Run(workload.Instants, 1e9 / qps, workload.Sizes, workload.Seed, 1, latencies);
            speeds.Add(Queries / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        runsAQuery = (double)service.Runs / Queries;
        return speeds;
    }

    private static ServiceCurve Curve()
    {
        var terms = new ServiceTerms { PrepareUs = 1, ComputeUs = 1, CopyOutUs = 1 };
        return new ServiceCurve
        {
            Points = [.. new[] { 1, 1024 }.Select(batch => new ServicePoint { Batch = batch, MedianUs = 50 + (5.0 * batch), P99Us = 60 + (6.0 * batch), Terms = terms })],
            Residuals = [.. Enumerable.Range(0, MachineSpread.ResidualQuantiles).Select(i => 0.97 + (0.08 * i / (MachineSpread.ResidualQuantiles - 1)))],
            Source = Provenance.Assumed,
        };
    }

    private sealed class Counted(ServiceTimeModel model) : IServiceTimes
    {
        public long Runs { get; set; }

        public double ServiceNs(int samples, double u)
        {
            Runs++;
            return model.ServiceNs(samples, u);
        }
    }
}
