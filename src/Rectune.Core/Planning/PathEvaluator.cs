using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Search;
using Rectune.Core.Simulation;
using Rectune.Core.Workloads;

namespace Rectune.Core.Planning;

/// <summary>
/// Simulates a configuration under its limits: a short replication finds the best limits, several long ones find the knee and the rate at which the target is
/// certified in every one of them.
/// </summary>
public sealed class PathEvaluator
{
    /// <summary>Queries of the screening replication: enough to rank limits, not to promise.</summary>
    private const int ScreeningQueries = 4_000;

    /// <summary>Queries of a full replication: about as many as the live run that will judge the promise sees.</summary>
    private const int FullQueries = 6_000;

    private const int Replications = 5;

    /// <summary>
    /// Stalls are drawn independently here and come in bursts on a real machine, which costs evidence: at the rate that the simulation certifies, live runs of 20 s on a
    /// shared two-core machine were certified about half of the time, at 0.85 of it nearly always.
    /// </summary>
    private const double BurstMargin = 0.85;

    private const int PredictionReplications = 10;

    /// <summary>Live queries are more alike than simulated ones, for the same reason: one is taken for so many simulated.</summary>
    private const double EvidenceMargin = 0.6;

    /// <summary>A live run that is worth so many simulated queries certifies about what a full replication does.</summary>
    private const int LongestRunQueries = 2_400;

    /// <summary>Part of the knee at which paths are usually certified: where the search for a promise begins.</summary>
    private const double UsualShare = 0.6;

    /// <summary>Part of the highest knee that limits must hold to be looked at for their certificate.</summary>
    private const double NearKnee = 0.9;

    /// <summary>Step down to the next lower rate; where that holds, half of it is tried.</summary>
    private const double RateStep = 0.94;

    /// <summary>Waiting and running queries beyond which refusing is kinder than serving: at least this many limits' worth of work would lie ahead.</summary>
    private const int QueueLimit = 1024;

    /// <summary>Processor time of generating and submitting a query in process, seconds; measured here at 10–20 µs, its upper end.</summary>
    private const double GeneratorCpuSecondsPerQuery = 20e-6;

    [ThreadStatic]
    private static double[]? threadBuffer;

    private readonly PlanRequest request;
    private readonly SearchSpace space;
    private readonly SimulatedWorkload screening;
    private readonly SimulatedWorkload[] replications;

    public PathEvaluator(PlanRequest request, SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(space);
        this.request = request;
        this.space = space;
        if (!ArrivalCatalog.TryParse(request.Workload.Arrivals, out var arrivals, out var problem))
        {
            throw new InvalidInputException("--arrivals", problem);
        }

        screening = SimulatedWorkload.Draw(arrivals, request.Sizes, ScreeningQueries, request.Seed, PredictionReplications);
        replications = [.. Enumerable.Range(0, PredictionReplications).Select(r => SimulatedWorkload.Draw(arrivals, request.Sizes, FullQueries, request.Seed, r))];
    }

    private static double[] Buffer => threadBuffer ??= new double[FullQueries];

    /// <summary>Evaluates a configuration from its measurements, at least one. Safe from several threads.</summary>
    public PathEvaluation Evaluate(Configuration configuration, IReadOnlyList<MeasurementRow> rows)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(rows);
        var curve = ServiceCurveFit.From(rows);
        var model = new ServiceTimeModel(curve, space.LargestBatch);
        var (fastest, knee) = BestLimits(configuration, model);
        var limits = knee > 0 ? MostPromising(configuration, model, fastest, knee) : fastest;
        var scheduler = Scheduler(configuration, limits);
        var path = Simulated(configuration, scheduler, model);
        var ceiling = Ceiling(configuration, model);
        var (capacity, promise) = Rates(path, ceiling);
        var scoreChange = rows.Max(row => row.MaxScoreChange);
        return new PathEvaluation
        {
            Configuration = configuration,
            Scheduler = scheduler,
            Service = curve,
            CapacityQps = capacity,
            PromiseQps = promise,
            UnloadedPercentileMs = UnloadedPercentileMs(path, ceiling),
            MemoryBytes = PathMemory.Bytes(request.Model.Card, configuration, limits.MaxBatch),
            Quality = QualityOf(configuration, scoreChange),
            MaxScoreChange = scoreChange,
        };
    }

    /// <summary>The knee of a path whose limits are settled, and the highest rate at which the target is predicted to be certified; each 0 where there is none.</summary>
    public (Estimate CapacityQps, Estimate PromiseQps) Rates(ServingPath serving, SchedulerSettings scheduler)
    {
        ArgumentNullException.ThrowIfNull(serving);
        ArgumentNullException.ThrowIfNull(scheduler);
        var model = new ServiceTimeModel(serving.Service, space.LargestBatch);
        return Rates(Simulated(serving.Configuration, scheduler, model), Ceiling(serving.Configuration, model));
    }

    /// <summary>The knee alone.</summary>
    public Estimate Capacity(ServingPath serving, SchedulerSettings scheduler)
    {
        ArgumentNullException.ThrowIfNull(serving);
        ArgumentNullException.ThrowIfNull(scheduler);
        var model = new ServiceTimeModel(serving.Service, space.LargestBatch);
        var (path, ceiling) = (Simulated(serving.Configuration, scheduler, model), Ceiling(serving.Configuration, model));
        var knees = new double[Replications];
        for (var r = 0; r < Replications; r++)
        {
            knees[r] = KneeOf(path, replications[r], r == 0 ? 0 : knees[r - 1], ceiling);
        }

        return Knee(knees);
    }

    /// <summary>The target's percentile at a vanishing rate, milliseconds, and the share of their time that instances are busy at <paramref name="qps"/>.</summary>
    public (double UnloadedPercentileMs, double BusyShare) AtEnds(ServingPath serving, SchedulerSettings scheduler, double qps)
    {
        ArgumentNullException.ThrowIfNull(serving);
        ArgumentNullException.ThrowIfNull(scheduler);
        var model = new ServiceTimeModel(serving.Service, space.LargestBatch);
        var (path, ceiling) = (Simulated(serving.Configuration, scheduler, model), Ceiling(serving.Configuration, model));
        var unloadedMs = UnloadedPercentileMs(path, ceiling);
        if (qps > 0)
        {
            path.Latencies(replications[0], qps, Buffer, out _);
        }

        return (unloadedMs, qps > 0 ? path.BusyShare : 0);
    }

    private double KneeOf(SimulatedPath path, SimulatedWorkload workload, double guess, double ceiling) =>
        SimulatedPath.HighestRateNear(qps => path.Holds(workload, request.Sla, qps, Buffer), guess, ceiling);

    private static Estimate Knee(double[] knees) => new() { Value = Rounded(knees.Average()), Low = Rounded(knees.Min()), High = Rounded(knees.Max()), Source = Provenance.Interpolated };

    private (Estimate CapacityQps, Estimate PromiseQps) Rates(SimulatedPath path, double ceiling)
    {
        var knees = new double[Replications];
        var promises = new double[Replications];
        for (var r = 0; r < Replications; r++)
        {
            var workload = replications[r];
            knees[r] = KneeOf(path, workload, r == 0 ? 0 : knees[r - 1], ceiling);
            promises[r] = knees[r] == 0
                ? 0
                : SimulatedPath.HighestRateNear(qps => path.Certifies(workload, request.Sla, Planner.Confidence, qps, Buffer), r == 0 ? UsualShare * knees[r] : promises[r - 1], knees[r]);
        }

        var certified = promises.Min();
        var promise = BurstMargin
            * (Certifiable(path, certified, Planner.ValidationShare * request.BudgetSeconds) ?? Certifiable(path, certified, LoadReplications.LongestSeconds) ?? certified);

        // The rate that every replication certifies: a promise is kept by the unlucky ones too.
        return (
            Knee(knees),
            new Estimate { Value = Rounded(promise), Low = Rounded(promise), High = Rounded(BurstMargin * promises.Max()), Source = Provenance.Interpolated });
    }

    /// <summary>The knee under the best limits on a short replication, queries per second; 0 where the target cannot be met. Enough to rank paths. Safe from several threads.</summary>
    public double Screen(Configuration configuration, ServiceCurve curve)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return BestLimits(configuration, new ServiceTimeModel(curve, space.LargestBatch)).Qps;
    }

    /// <summary>
    /// The highest rate up to <paramref name="qps"/> that a live run of at most so many seconds sends enough queries of to certify it in every replication: a lower rate sends
    /// fewer queries, of which fewer may be over the limit. Null where no rate is certified so soon.
    /// </summary>
    private double? Certifiable(SimulatedPath path, double qps, double longestSeconds)
    {
        for (var rate = qps; rate > 0; rate *= RateStep)
        {
            var queries = (int)(EvidenceMargin * LiveQueries(BurstMargin * rate, longestSeconds));
            if (queries < PromiseTest.MinimumQueries)
            {
                break;
            }

            if (queries >= LongestRunQueries)
            {
                return rate;
            }

            if (AllCertify(rate, queries))
            {
                var between = Math.Min(qps, rate / Math.Sqrt(RateStep));
                return between > rate && AllCertify(between, queries) ? between : rate;
            }
        }

        return null;

        bool AllCertify(double rate, int queries) =>
            replications.Take(Replications).All(workload => path.Certifies(workload, request.Sla, Planner.Confidence, rate, Buffer, queries));
    }

    private double LiveQueries(double qps, double longestSeconds) =>
        LoadReplications.Plan(qps, LoadReplications.Seconds(qps, longestSeconds), request.Sla).JudgedQueries(qps);

    /// <summary>Latency and goodput predicted at <paramref name="qps"/>, with 99 % t intervals over the replications.</summary>
    public Performance Predict(ServingPath serving, SchedulerSettings scheduler, double qps)
    {
        ArgumentNullException.ThrowIfNull(serving);
        ArgumentNullException.ThrowIfNull(scheduler);
        var model = new ServiceTimeModel(serving.Service, space.LargestBatch);
        var path = Simulated(serving.Configuration, scheduler, model);
        var accuracy = serving.Quality is { Metric: "accuracy", Value: { } value } ? value : (double?)null;
        var observed = replications.Select(workload => Observe(path, workload, qps)).ToArray();
        return new Performance
        {
            OfferedQps = Rounded(qps),
            GoodputQps = OverReplications(observed, o => o.GoodputQps)!,
            P50Ms = OverReplications(observed, o => o.P50Ms),
            P95Ms = OverReplications(observed, o => o.P95Ms),
            P99Ms = OverReplications(observed, o => o.P99Ms),
            OverLimitShare = OverReplications(observed, o => o.OverLimitShare)!,
            CorrectPerSecond = accuracy is null ? null : OverReplications(observed, o => o.SamplesInLimitPerSecond * accuracy.Value),
        };
    }

    private (BatchLimits Limits, double Qps) BestLimits(Configuration configuration, ServiceTimeModel model)
    {
        var ceiling = Ceiling(configuration, model);
        var best = space.BatchLimits[0];
        var bestRate = -1.0;
        foreach (var limits in space.BatchLimits)
        {
            var path = Simulated(configuration, Scheduler(configuration, limits), model);

            // Limits that do not beat the best by the resolution of the search are not worth a full bisection.
            if (bestRate > 0 && !path.Holds(screening, request.Sla, bestRate * 1.01, Buffer))
            {
                continue;
            }

            var rate = SimulatedPath.HighestRateNear(qps => path.Holds(screening, request.Sla, qps, Buffer), Math.Max(0, bestRate), ceiling);
            if (rate > bestRate)
            {
                (best, bestRate) = (limits, rate);
            }
        }

        // Where no limits hold any load, those that come closest say what the path can do.
        return bestRate > 0
            ? (best, bestRate)
            : (space.BatchLimits.MinBy(limits => UnloadedPercentileMs(Simulated(configuration, Scheduler(configuration, limits), model), ceiling)), 0);
    }

    /// <summary>
    /// Among limits whose knee is not far below the highest, those that are certified at the highest rate: large batches raise the knee, and make queries wait for each other, so that
    /// each says less about the next.
    /// </summary>
    private BatchLimits MostPromising(Configuration configuration, ServiceTimeModel model, BatchLimits fastest, double kneeQps)
    {
        var (best, rate) = (fastest, Certified(fastest, worthwhile: 0));
        foreach (var limits in space.BatchLimits)
        {
            if (limits != fastest && Simulated(configuration, Scheduler(configuration, limits), model).Holds(screening, request.Sla, NearKnee * kneeQps, Buffer)
                && Certified(limits, rate * (1 + PathChoice.TieShare)) is > 0 and var certified)
            {
                (best, rate) = (limits, certified);
            }
        }

        return best;

        double Certified(BatchLimits limits, double worthwhile)
        {
            var path = Simulated(configuration, Scheduler(configuration, limits), model);
            var workload = replications[0];
            return worthwhile == 0 ? SimulatedPath.HighestRateNear(Certifies, UsualShare * kneeQps, kneeQps)
                : Certifies(worthwhile) ? SimulatedPath.HighestRateNear(Certifies, worthwhile, kneeQps)
                : 0;

            bool Certifies(double qps) => path.Certifies(workload, request.Sla, Planner.Confidence, qps, Buffer);
        }
    }

    private double UnloadedPercentileMs(SimulatedPath path, double ceilingQps)
    {
        double[] latencies = [.. path.Latencies(screening, ceilingQps / 1e4, Buffer, out _)];
        Array.Sort(latencies);
        return Rounded(Percentiles.NearestRank(latencies, request.Sla.Percentile / 100));
    }

    /// <summary>No queue holds a rate at which even the best batch could not keep up.</summary>
    private double Ceiling(Configuration configuration, ServiceTimeModel model)
    {
        var best = space.Batches.Max(batch => batch / model.MedianUs(batch, out _));
        return 1.05e6 * best * configuration.Instances / request.Sizes.MeanSamples;
    }

    private Observation Observe(SimulatedPath path, SimulatedWorkload workload, double qps)
    {
        double[] latencies = [.. path.Latencies(workload, qps, Buffer, out var first)];
        var seconds = (workload.Instants[^1] - workload.Instants[first]) / qps;
        var met = 0;
        long samples = 0;
        for (var i = 0; i < latencies.Length; i++)
        {
            if (latencies[i] <= request.Sla.LimitMs)
            {
                met++;
                samples += workload.Sizes[first + i];
            }
        }

        Array.Sort(latencies);
        return new Observation(
            met / seconds,
            samples / seconds,
            1 - ((double)met / latencies.Length),
            Percentiles.NearestRank(latencies, 0.50),
            Percentiles.NearestRank(latencies, 0.95),
            Percentiles.NearestRank(latencies, 0.99));
    }

    private SimulatedPath Simulated(Configuration configuration, SchedulerSettings scheduler, ServiceTimeModel model) =>
        new(scheduler, model, GeneratorCpuSecondsPerQuery, request.Machine.Cpu.Cores, configuration.Cores());

    private static SchedulerSettings Scheduler(Configuration configuration, BatchLimits limits) => new()
    {
        Policy = "static",
        Instances = configuration.Instances,
        SplitSamples = limits.SplitSamples,
        MaxBatch = limits.MaxBatch,
        BatchWindowUs = 0,
        QueueLimit = QueueLimit,
    };

    private Quality QualityOf(Configuration configuration, double? scoreChange)
    {
        var card = request.Model.Card.Quality;
        if (card is null)
        {
            return new Quality { Metric = "accuracy", Source = Provenance.Unknown, Where = "the model card states none" };
        }

        return configuration.TablePrecision == TablePrecision.Fp32
            ? card
            : card with
            {
                Source = Provenance.Assumed,
                Where = scoreChange is { } change
                    ? FormattableString.Invariant($"as fp32 ({card.Where}): scores change by at most {change:G2} on a sample")
                    : $"as fp32 ({card.Where}): scores were not compared",
            };
    }

    /// <summary>Mean and 99 % t interval; null when any replication has no finite value.</summary>
    private static Estimate? OverReplications(Observation[] observed, Func<Observation, double> read)
    {
        var values = Array.ConvertAll(observed, o => read(o));
        if (!values.All(double.IsFinite))
        {
            return null;
        }

        var interval = StudentT.MeanInterval(values, Planner.Confidence);
        return new Estimate
        {
            Value = Rounded(interval.Value),
            Low = Rounded(Math.Max(0, interval.Low)),
            High = Rounded(interval.High),
            Source = Provenance.Interpolated,
        };
    }

    /// <summary>Five significant digits.</summary>
    private static double Rounded(double value) => SignificantDigits.Round(value, 5);

    private readonly record struct Observation(
        double GoodputQps, double SamplesInLimitPerSecond, double OverLimitShare, double P50Ms, double P95Ms, double P99Ms);
}
