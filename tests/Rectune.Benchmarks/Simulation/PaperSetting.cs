using System.Globalization;
using Rectune.Benchmarks.Prediction;
using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Simulation;
using Rectune.Core.Workloads;

namespace Rectune.Benchmarks.Simulation;

/// <summary>
/// MP-Rec's serving experiment (ASPLOS 2023) in virtual time: tables, hashing and both together on a processor and a graphics card, lognormal queries of 128 samples on average inside 10 ms, with
/// true Poisson arrivals. Only the processor's table path is measured; the other times are published ratios to it.
/// </summary>
internal static class PaperSetting
{
    private const int Queries = 20_000;
    private const int Replications = 10;
    private const double LimitMs = 10;
    private const int Split = 256;
    private const int MaxBatch = 1024;

    /// <summary>Quantile of service times by which runs are planned.</summary>
    private const double PlannedQuantile = 0.95;

    /// <summary>RM1 on a GTX 1080 Ti over one Skylake core, data loading included (DeepRecSys repository, experiments/speedup).</summary>
    private static readonly (int Batch, double Times)[] GpuSpeedUp = [(1, 0.37), (4, 0.51), (16, 0.83), (64, 1.02), (256, 1.12), (1024, 1.10)];

    /// <summary>Time over tables' on the same device, as recollected from the paper's figures: processor, card. Qualities as the card of DLRM and MP-Rec's abstract have them.</summary>
    private static readonly (string Name, double OnCpu, double OnGpu, double Quality)[] Representations = [("table", 1, 1, 0.7882), ("dhe", 10.5, 4.7, 0.7897), ("hybrid", 11, 5, 0.7901)];

    public static int Run(Options options)
    {
        var report = new Report(options, "MP-Rec's setting of a processor and a graphics card, simulated");
        var recorded = RecordedModel.Read(options.Text("--profile", "profiles/cloud-epyc-2c"), "dlrm");
        var path = recorded.Paths.First(candidate => candidate.Configuration.Id() == options.Text("--path", "table-fp32-cpu-i2-t1"));
        var cpu = ServiceCurveFit.From(path.Rows, new MachineSpread(recorded.Paths.SelectMany(candidate => candidate.Rows)));
        var instances = path.Configuration.Instances;
        Candidate[] candidates =
        [
            .. Representations.Select(one => new Candidate($"{one.Name} on cpu", "cpu", instances, one.Quality, Scaled(cpu, _ => one.OnCpu))),
            .. Representations.Select(one => new Candidate($"{one.Name} on gpu", "cuda:0", 1, one.Quality, Scaled(cpu, batch => one.OnGpu / SpeedUp(batch)))),
        ];
        SimulatedWorkload[] loads = [.. Enumerable.Range(0, Replications).Select(r => SimulatedWorkload.Draw(new PoissonArrivals(), new LognormalSizes(), Queries, seed: 1, replication: r))];
        var ceiling = instances * Split / new ServiceTimeModel(cpu, MaxBatch).MedianUs(Split, out _) * 1e6 / new LognormalSizes().MeanSamples;
        report.Text.Append(CultureInfo.InvariantCulture, $"- processor: {Path.GetFileName(options.Text("--profile", "profiles/cloud-epyc-2c"))}'s {path.Configuration.Id()}, measured; card: published speed-ups of RM1 by batch, one instance; hashing and hybrid: {Representations[1].OnCpu} and {Representations[2].OnCpu} times the tables' time on the processor, {Representations[1].OnGpu} and {Representations[2].OnGpu} on the card, assumed from the paper\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"- {new LognormalSizes().Name} sizes (mean {new LognormalSizes().MeanSamples:F0}), Poisson arrivals, {LimitMs} ms, parts of {Split}; {Replications} replications of {Queries} queries; load over what the processor's tables could serve without queueing ({ceiling:F0} queries/s)\n");
        report.Text.Append("- correct predictions: samples in time × accuracy; every single path refuses what it cannot answer in time, as multi-path does; intervals: 99 % t over replications\n\n");
        report.Text.Append("| load | tables on cpu, correct/s | best single path | its correct/s | multi-path, correct/s | over tables on cpu | over the best single path | mean quality |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var share in new[] { 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4 })
        {
            var qps = share * ceiling;
            var alone = candidates.Select(candidate => (candidate.Name, Correct: Correct([candidate], SchedulingPolicies.Static, loads, qps))).ToArray();
            var together = Correct(candidates, SchedulingPolicies.MultiPath, loads, qps);
            var best = alone.MaxBy(one => one.Correct.Average(run => run.PerSecond));
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"| {share:P0} ({qps:F0}) | {alone[0].Correct.Average(run => run.PerSecond):F0} | {best.Name} | {best.Correct.Average(run => run.PerSecond):F0} | {together.Average(run => run.PerSecond):F0} | {Ratio(together, alone[0].Correct)} | {Ratio(together, best.Correct)} | {together.Average(run => run.Quality):F4} |\n");
            report.Text.Append(line);
            Console.Error.Write(line);
        }

        report.Text.Append("\nThe paper reports 2.49 times the tables on the processor on Criteo Kaggle.\n");
        report.Write("paper-setting.md");
        return 0;
    }

    private static string Ratio((double PerSecond, double Quality)[] of, (double PerSecond, double Quality)[] over)
    {
        var interval = StudentT.MeanInterval([.. of.Zip(over, (a, b) => a.PerSecond / b.PerSecond)], 0.99);
        return string.Create(CultureInfo.InvariantCulture, $"{interval.Value:F2} [{interval.Low:F2} … {interval.High:F2}]");
    }

    private static (double PerSecond, double Quality)[] Correct(Candidate[] paths, string policy, SimulatedWorkload[] loads, double qps) =>
        [.. loads.AsParallel().AsOrdered().Select(load => Correct(paths, policy, load, qps))];

    private static (double PerSecond, double Quality) Correct(Candidate[] paths, string policy, SimulatedWorkload load, double qps)
    {
        var settings = new SchedulerSettings
        {
            Policy = policy,
            Instances = paths[0].Instances,
            SplitSamples = Split,
            MaxBatch = MaxBatch,
            BatchWindowUs = 0,
            QueueLimit = 1024,
            LimitUs = (int)(LimitMs * 1e3),
            SlackShare = 0.3,
            HysteresisShare = 0.1,
            Paths = [.. paths.Select(Scheduled)],
        };
        var (latencies, quality) = (new double[Queries], new double[Queries]);
        new QueueSimulator(settings, [.. paths.Select(path => new ServiceTimeModel(path.Service, MaxBatch))]).Run(load.Instants, 1e9 / qps, load.Sizes, load.Seed, 1, latencies, quality);
        var (correct, weighted, answered) = (0.0, 0.0, 0L);
        for (var i = 0; i < Queries; i++)
        {
            // A single path needs no weighing: its own quality stands for every answer.
            var of = paths.Length == 1 ? paths[0].Quality : quality[i];
            if (double.IsFinite(latencies[i]))
            {
                weighted += load.Sizes[i] * of;
                answered += load.Sizes[i];
                correct += latencies[i] <= LimitMs ? load.Sizes[i] * of : 0;
            }
        }

        return (correct * qps / Queries, weighted / Math.Max(1, answered));
    }

    private static ScheduledPath Scheduled(Candidate path)
    {
        var service = new ServiceTimeModel(path.Service, MaxBatch);
        var planned = service.ResidualAt(PlannedQuantile);
        return new ScheduledPath
        {
            Id = path.Name,
            Device = path.Device,
            Instances = path.Instances,
            MaxBatch = MaxBatch,
            Quality = path.Quality,
            Planned = [.. GpuSpeedUp.Select(point => new PlannedTime { Batch = point.Batch, Us = service.MedianUs(point.Batch, out _) * planned })],
            TypicalShare = Math.Min(1, path.Service.Residuals.Average() / planned),
        };
    }

    private static ServiceCurve Scaled(ServiceCurve curve, Func<int, double> times) => curve with
    {
        Points = [.. GpuSpeedUp.Select(point => curve.Points.MinBy(known => Math.Abs(Math.Log((double)known.Batch / point.Batch)))! with
        {
            Batch = point.Batch,
            MedianUs = new ServiceTimeModel(curve, MaxBatch).MedianUs(point.Batch, out _) * times(point.Batch),
        })],
        Source = Provenance.Assumed,
    };

    /// <summary>Straight between the published batches, by their logarithms.</summary>
    private static double SpeedUp(int batch)
    {
        var right = Math.Clamp(Array.FindIndex(GpuSpeedUp, point => point.Batch >= batch), 1, GpuSpeedUp.Length - 1);
        var ((left, low), (above, high)) = (GpuSpeedUp[right - 1], GpuSpeedUp[right]);
        return low + ((high - low) * Math.Log((double)batch / left) / Math.Log((double)above / left));
    }

    private sealed record Candidate(string Name, string Device, int Instances, double Quality, ServiceCurve Service);
}
