using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Search;
using Rectune.Core.Simulation;

namespace Rectune.Core.Planning;

/// <summary>Paths under the load of one request: the replications that all of them share, and the paths made ready for them. Safe from several threads.</summary>
internal sealed class SimulatedPaths
{
    /// <summary>Queries of the screening replication: enough to rank limits, not to promise.</summary>
    private const int ScreeningQueries = 4_000;

    /// <summary>Queries of a full replication: about as many as the live run that will judge the promise sees.</summary>
    private const int FullQueries = 6_000;

    /// <summary>Times as many where the rate changes over time: a replication should see several cycles.</summary>
    private const int CyclicTimes = 4;

    private const int FullReplications = 10;

    /// <summary>Waiting and running queries beyond which refusing is kinder than serving: at least this many limits' worth of work would lie ahead.</summary>
    private const int QueueLimit = 1024;

    /// <summary>Processor time of generating and submitting a query in process, seconds; measured here at 10–20 µs, its upper end.</summary>
    private const double GeneratorCpuSecondsPerQuery = 20e-6;

    [ThreadStatic]
    private static double[]? threadBuffer;

    [ThreadStatic]
    private static double[]? threadQualities;

    private readonly PlanRequest request;
    private readonly SearchSpace space;

    public SimulatedPaths(PlanRequest request, SearchSpace space)
    {
        (this.request, this.space) = (request, space);
        var longer = (request.Arrivals.CycleSeconds > 0 ? CyclicTimes : 1) * request.Sla.Rarity();
        Screening = SimulatedWorkload.Draw(request.Arrivals, request.Sizes, longer * ScreeningQueries, request.Seed, FullReplications);
        Replications = [.. Enumerable.Range(0, FullReplications).Select(r => SimulatedWorkload.Draw(request.Arrivals, request.Sizes, longer * FullQueries, request.Seed, r))];
    }

    /// <summary>Latencies of a replication, for the thread that asks.</summary>
    public static double[] Buffer => threadBuffer ??= new double[CyclicTimes * FullQueries * Sla.MostRarity];

    /// <summary>Qualities of a replication's answers, for the thread that asks.</summary>
    public static double[] Qualities => threadQualities ??= new double[CyclicTimes * FullQueries * Sla.MostRarity];

    /// <summary>One short replication.</summary>
    public SimulatedWorkload Screening { get; }

    public IReadOnlyList<SimulatedWorkload> Replications { get; }

    public static SchedulerSettings Scheduler(Configuration configuration, BatchLimits limits) => new()
    {
        Policy = "static",
        Instances = configuration.Instances,
        SplitSamples = limits.SplitSamples,
        MaxBatch = limits.MaxBatch,
        BatchWindowUs = 0,
        QueueLimit = QueueLimit,
    };

    /// <summary>Service times at any batch of the space.</summary>
    public ServiceTimeModel Service(ServiceCurve curve) => new(curve, space.LargestBatch);

    public SimulatedPath Path(Configuration configuration, BatchLimits limits, ServiceTimeModel service) => Path(configuration, Scheduler(configuration, limits), service);

    public SimulatedPath Path(Configuration configuration, SchedulerSettings scheduler, params IReadOnlyList<ServiceTimeModel> services) =>
        new(scheduler, services, GeneratorCpuSecondsPerQuery, request.Machine.Cpu.Cores, configuration.Cores());

    /// <summary>No queue holds a rate at which even the best batch could not keep up.</summary>
    public double CeilingQps(Configuration configuration, ServiceTimeModel service)
    {
        var best = space.Batches.Max(batch => batch / service.MedianUs(batch, out _));
        return 1.05e6 * best * configuration.Instances / request.Sizes.MeanSamples;
    }

    /// <summary>The highest rate at which the target's percentile, as observed, is within its limit; looked for near a guess, or anywhere where that is 0.</summary>
    public double KneeQps(SimulatedPath path, SimulatedWorkload workload, double guessQps, double ceilingQps) =>
        SimulatedPath.HighestRateNear(qps => path.Holds(workload, request.Sla, qps, Buffer), guessQps, ceilingQps);

    /// <summary>Whether live load like this replication's first queries would certify the target.</summary>
    public bool Certifies(SimulatedPath path, SimulatedWorkload workload, double qps, int queries = int.MaxValue) =>
        path.Certifies(workload, request.Sla, Planner.Confidence, qps, Buffer, queries);

    /// <summary>The target's percentile at a vanishing rate, milliseconds.</summary>
    public double UnloadedPercentileMs(SimulatedPath path, double ceilingQps)
    {
        double[] latencies = [.. path.Latencies(Screening, ceilingQps / 1e4, Buffer, out _)];
        Array.Sort(latencies);
        return SignificantDigits.Round(Percentiles.NearestRank(latencies, request.Sla.Percentile / 100), 5);
    }
}
