using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Scheduling;
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
    private const int Replications = 5;

    /// <summary>A live run of so many queries certifies about what a full replication does.</summary>
    private const int LongestRunQueries = 2_400;

    /// <summary>Step down to the next lower rate; where that holds, half of it is tried.</summary>
    private const double RateStep = 0.94;

    private readonly PlanRequest request;
    private readonly SearchSpace space;
    private readonly SimulatedPaths paths;
    private readonly LimitsSearch limitsSearch;

    public PathEvaluator(PlanRequest request, SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(space);
        (this.request, this.space) = (request, space);
        paths = new SimulatedPaths(request, space);
        limitsSearch = new LimitsSearch(paths, request, space);
    }

    /// <summary>Evaluates a configuration from its service times. Safe from several threads.</summary>
    /// <param name="scoreChange">Largest change of a score that was seen; null where scores were not compared.</param>
    /// <param name="screened">What <see cref="Screen(Configuration, ServiceCurve)"/> says of it.</param>
    public PathEvaluation Evaluate(Configuration configuration, ServiceCurve curve, double? scoreChange, (BatchLimits Limits, double Qps) screened)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(curve);
        var service = paths.Service(curve);
        var limits = screened.Qps > 0 ? limitsSearch.MostPromising(configuration, service, screened.Limits, screened.Qps) : screened.Limits;
        var path = paths.Path(configuration, limits, service);
        return Evaluation(configuration, curve, scoreChange, limits, screened.Qps, Promise(path, LimitsSearch.UsualShare * screened.Qps, paths.CeilingQps(configuration, service)));
    }

    /// <summary>The same from the screening alone: the knee is of one short replication, and the promise a share of it.</summary>
    /// <param name="promiseShare">Of the knee, 0 to 1.</param>
    public PathEvaluation Rough(Configuration configuration, ServiceCurve curve, double? scoreChange, (BatchLimits Limits, double Qps) screened, double promiseShare)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(curve);
        var rough = Evaluation(configuration, curve, scoreChange, screened.Limits, screened.Qps, new Estimate { Value = Rounded(promiseShare * screened.Qps), Source = Provenance.Extrapolated });
        return rough.UnloadedPercentileMs <= request.Sla.LimitMs ? rough : rough with { ScreenedQps = 0, PromiseQps = rough.PromiseQps with { Value = 0 } };
    }

    /// <summary>The knee of paths whose limits are settled, and the highest rate at which the target is predicted to be certified; each 0 where there is none.</summary>
    /// <param name="serving">In the order of the scheduler's paths; one where it names none.</param>
    public (Estimate CapacityQps, Estimate PromiseQps) Rates(IReadOnlyList<ServingPath> serving, SchedulerSettings scheduler)
    {
        var capacity = Capacity(serving, scheduler);
        return (capacity, Promise(serving, scheduler, LimitsSearch.UsualShare * capacity.Value));
    }

    /// <summary>The highest rate at which the target is predicted to be certified; 0 where there is none.</summary>
    /// <inheritdoc cref="Rates"/>
    /// <param name="guessQps">Where it is looked for first.</param>
    public Estimate Promise(IReadOnlyList<ServingPath> serving, SchedulerSettings scheduler, double guessQps)
    {
        var (path, ceiling) = Simulated(serving, scheduler);
        return Promise(path, guessQps, ceiling);
    }

    /// <summary>The knee alone.</summary>
    /// <inheritdoc cref="Rates"/>
    public Estimate Capacity(IReadOnlyList<ServingPath> serving, SchedulerSettings scheduler)
    {
        var (path, ceiling) = Simulated(serving, scheduler);
        var knees = new double[Replications];
        knees[0] = paths.KneeQps(path, paths.Replications[0], 0, ceiling);
        Parallel.For(1, Replications, r => knees[r] = paths.KneeQps(Simulated(serving, scheduler).Path, paths.Replications[r], knees[0], ceiling));
        return new Estimate { Value = Rounded(knees.Average()), Low = Rounded(knees.Min()), High = Rounded(knees.Max()), Source = Provenance.Interpolated };
    }

    /// <summary>The target's percentile at a vanishing rate, milliseconds.</summary>
    /// <inheritdoc cref="Rates"/>
    public double UnloadedPercentileMs(IReadOnlyList<ServingPath> serving, SchedulerSettings scheduler)
    {
        var (path, ceiling) = Simulated(serving, scheduler);
        return paths.UnloadedPercentileMs(path, ceiling);
    }

    /// <summary>The share of their time that instances are busy at <paramref name="qps"/>, 0 to 1.</summary>
    /// <inheritdoc cref="Rates"/>
    public double BusyShare(IReadOnlyList<ServingPath> serving, SchedulerSettings scheduler, double qps)
    {
        if (qps == 0)
        {
            return 0;
        }

        var (path, _) = Simulated(serving, scheduler);
        path.Latencies(paths.Replications[0], qps, SimulatedPaths.Buffer, out _);
        return path.BusyShare;
    }

    /// <summary>The mean over all answered samples of the quality of the path that answered them, at <paramref name="qps"/>; what the scheduler weighs paths by.</summary>
    /// <inheritdoc cref="Rates"/>
    public double MeanQuality(IReadOnlyList<ServingPath> serving, SchedulerSettings scheduler, double qps)
    {
        var (path, _) = Simulated(serving, scheduler);
        var workload = paths.Replications[0];
        var latencies = path.Latencies(workload, qps, SimulatedPaths.Buffer, SimulatedPaths.Qualities, out var first);
        var (sum, samples) = (0.0, 0L);
        for (var i = 0; i < latencies.Length; i++)
        {
            if (double.IsFinite(latencies[i]))
            {
                sum += workload.Sizes[first + i] * SimulatedPaths.Qualities[first + i];
                samples += workload.Sizes[first + i];
            }
        }

        return samples == 0 ? 0 : sum / samples;
    }

    private PathEvaluation Evaluation(Configuration configuration, ServiceCurve curve, double? scoreChange, BatchLimits limits, double screenedQps, Estimate promise)
    {
        var service = paths.Service(curve);
        var evaluation = new PathEvaluation
        {
            Configuration = configuration,
            Scheduler = SimulatedPaths.Scheduler(configuration, limits),
            Service = curve,
            ScreenedQps = Rounded(screenedQps),
            PromiseQps = promise,
            UnloadedPercentileMs = paths.UnloadedPercentileMs(paths.Path(configuration, limits, service), paths.CeilingQps(configuration, service)),

            // Of the largest batch, whatever the limits: a few megabytes of buffers that a choice of limits happens to save are no reason to prefer a path.
            MemoryBytes = PathMemory.Bytes(request.Model.Card, configuration, space.LargestBatch),
            Quality = PathQuality.Of(request.Model.Card, configuration, scoreChange, request.Qualities),
            MaxScoreChange = scoreChange,
        };
        return evaluation with { Scheduler = Deadlines.Kept(evaluation.Scheduler, PlanAssembly.Serving(request, evaluation)[0], request.Sla, space.Batches) };
    }

    /// <summary>The rate that every replication certifies: a promise is kept by the unlucky ones too.</summary>
    private Estimate Promise(SimulatedPath path, double guess, double ceiling)
    {
        var (lowest, highest) = Certified(path, guess, ceiling);
        var promise = ServiceExpectation.KeptSpeed
            * (Certifiable(path, lowest, Planner.ValidationShare * request.BudgetSeconds) ?? Certifiable(path, lowest, LoadReplications.LongestSeconds) ?? lowest);
        return new Estimate { Value = Rounded(promise), Low = Rounded(promise), High = Rounded(ServiceExpectation.KeptSpeed * highest), Source = Provenance.Interpolated };
    }

    /// <summary>The lowest and the highest of the rates that the replications are certified up to; 0 and 0 where the first is not at any.</summary>
    private (double Lowest, double Highest) Certified(SimulatedPath path, double guess, double ceiling)
    {
        var lowest = Highest(0, guess);
        var highest = lowest;
        for (var r = 1; r < Replications && lowest > 0; r++)
        {
            if (paths.Certifies(path, paths.Replications[r], highest * SimulatedPath.NextRate))
            {
                var found = Highest(r, highest);
                (lowest, highest) = (Math.Min(lowest, found), Math.Max(highest, found));
            }
            else if (!paths.Certifies(path, paths.Replications[r], lowest))
            {
                lowest = Highest(r, lowest);
            }
        }

        return (lowest, highest);

        double Highest(int replication, double near) => SimulatedPath.HighestRateNear(qps => paths.Certifies(path, paths.Replications[replication], qps), near, ceiling);
    }

    /// <summary>A rate that no queue holds, from the service times alone, queries per second.</summary>
    public double CeilingQps(Configuration configuration, ServiceCurve curve)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return paths.CeilingQps(configuration, paths.Service(curve));
    }

    /// <summary>The knee under the best limits on a short replication, queries per second; 0 where the target cannot be met. Enough to rank paths. Safe from several threads.</summary>
    public (BatchLimits Limits, double Qps) Screen(Configuration configuration, ServiceCurve curve)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return limitsSearch.Fastest(configuration, paths.Service(curve));
    }

    /// <summary>The same under the limits that are best for a path like it, looked for near that path's knee.</summary>
    public double Screen(Configuration configuration, ServiceCurve curve, (BatchLimits Limits, double Qps) like)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var service = paths.Service(curve);
        return paths.KneeQps(paths.Path(configuration, like.Limits, service), paths.Screening, like.Qps, paths.CeilingQps(configuration, service));
    }

    /// <summary>
    /// The highest rate up to <paramref name="qps"/> that a live run of at most so many seconds sends enough queries of to certify it in every replication: a lower rate sends
    /// fewer queries, of which fewer may be over the limit. Null where no rate is certified so soon.
    /// </summary>
    private double? Certifiable(SimulatedPath path, double qps, double longestSeconds)
    {
        for (var rate = qps; rate > 0; rate *= RateStep)
        {
            var queries = (int)LiveQueries(ServiceExpectation.KeptSpeed * rate, longestSeconds);
            if (queries < PromiseTest.MinimumQueries)
            {
                break;
            }

            if (queries >= LongestRunQueries * request.Sla.Rarity())
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
            paths.Replications.Take(Replications).All(workload => paths.Certifies(path, workload, rate, queries));
    }

    private double LiveQueries(double qps, double longestSeconds) =>
        LoadReplications.Plan(qps, LoadReplications.Seconds(qps, longestSeconds, request.Sla), request.Sla).JudgedQueries(qps);

    /// <summary>Latency and goodput predicted at <paramref name="qps"/>, with 99 % t intervals over the replications.</summary>
    /// <inheritdoc cref="Rates"/>
    public Performance Predict(IReadOnlyList<ServingPath> serving, SchedulerSettings scheduler, double qps) => Predict(serving, scheduler, qps, paths.Replications.Count);

    /// <summary>The same from the first few replications, two to ten.</summary>
    /// <inheritdoc cref="Rates"/>
    public Performance Predict(IReadOnlyList<ServingPath> serving, SchedulerSettings scheduler, double qps, int replications)
    {
        ArgumentNullException.ThrowIfNull(serving);
        ArgumentNullException.ThrowIfNull(scheduler);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(replications, paths.Replications.Count);
        var isAccuracy = serving.All(path => path.Quality is { Metric: "accuracy", Value: not null });
        var observed = new Observation[replications];
        var services = Services(serving);
        Parallel.For(0, replications, r => observed[r] = Observe(paths.Path(serving[0].Configuration, ForTarget(scheduler), services), paths.Replications[r], qps, serving));
        var refused = observed.Any(o => o.RefusedShare > 0);
        return new Performance
        {
            OfferedQps = Rounded(qps),
            GoodputQps = OverReplications(observed, o => qps * (1 - o.OverLimitShare), qps)!,
            P50Ms = OverReplications(observed, o => o.P50Ms),
            P95Ms = OverReplications(observed, o => o.P95Ms),
            P99Ms = OverReplications(observed, o => o.P99Ms),
            TargetMs = Performance.Has(request.Sla.Percentile) ? null : OverReplications(observed, o => o.TargetMs),
            OverLimitShare = OverReplications(observed, o => o.OverLimitShare, 1)!,
            CorrectPerSecond = isAccuracy && OverReplications(observed, o => qps * o.CorrectPerQuery) is { } correct ? correct with { Source = Weakest(correct.Source, serving) } : null,
            RefusedShare = refused || scheduler.LimitUs is not null ? OverReplications(observed, o => o.RefusedShare, 1) : null,
            AcceptedP99Ms = refused ? OverReplications(observed, o => o.AcceptedP99Ms) : null,
        };
    }

    private Observation Observe(SimulatedPath path, SimulatedWorkload workload, double qps, IReadOnlyList<ServingPath> serving)
    {
        var one = serving.Count == 1 ? serving[0].Quality.Value ?? 0 : (double?)null;
        double[] latencies = [.. path.Latencies(workload, qps, SimulatedPaths.Buffer, SimulatedPaths.Qualities, out var first)];
        var met = 0;
        var correct = 0.0;
        for (var i = 0; i < latencies.Length; i++)
        {
            if (latencies[i] <= request.Sla.LimitMs)
            {
                met++;
                correct += workload.Sizes[first + i] * (one ?? SimulatedPaths.Qualities[first + i]);
            }
        }

        // Refused queries are infinite, and so the last.
        Array.Sort(latencies);
        var accepted = latencies.Length;
        while (accepted > 0 && !double.IsFinite(latencies[accepted - 1]))
        {
            accepted--;
        }

        return new Observation(
            correct / latencies.Length,
            1 - ((double)met / latencies.Length),
            1 - ((double)accepted / latencies.Length),
            accepted == 0 ? double.PositiveInfinity : Percentiles.NearestRank(latencies.AsSpan(0, accepted), 0.99),
            Percentiles.NearestRank(latencies, 0.50),
            Percentiles.NearestRank(latencies, 0.95),
            Percentiles.NearestRank(latencies, 0.99),
            Percentiles.NearestRank(latencies, request.Sla.Percentile / 100));
    }

    private (SimulatedPath Path, double CeilingQps) Simulated(IReadOnlyList<ServingPath> serving, SchedulerSettings scheduler)
    {
        ArgumentNullException.ThrowIfNull(serving);
        ArgumentNullException.ThrowIfNull(scheduler);
        var services = Services(serving);
        return (paths.Path(serving[0].Configuration, ForTarget(scheduler), services), serving.Zip(services).Max(path => paths.CeilingQps(path.First.Configuration, path.Second)));
    }

    /// <summary>A plan's scheduler as it would be under the target that is asked about.</summary>
    private SchedulerSettings ForTarget(SchedulerSettings scheduler) => scheduler.LimitUs is null ? scheduler : scheduler with { LimitUs = Deadlines.LimitUs(request.Sla) };

    /// <summary>A product is known no better than the least known of its factors.</summary>
    private static Provenance Weakest(Provenance rate, IReadOnlyList<ServingPath> serving) => serving.Select(path => path.Quality.Source).Append(rate).Max();

    private ServiceTimeModel[] Services(IReadOnlyList<ServingPath> serving) => [.. serving.Select(path => paths.Service(path.Service))];

    /// <summary>Mean and 99 % t interval between 0 and <paramref name="most"/>; null when any replication has no finite value.</summary>
    private static Estimate? OverReplications(Observation[] observed, Func<Observation, double> read, double most = double.PositiveInfinity)
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
            High = Rounded(Math.Min(most, interval.High)),
            Source = Provenance.Interpolated,
        };
    }

    /// <summary>Five significant digits.</summary>
    private static double Rounded(double value) => SignificantDigits.Round(value, 5);

    private readonly record struct Observation(
        double CorrectPerQuery, double OverLimitShare, double RefusedShare, double AcceptedP99Ms, double P50Ms, double P95Ms, double P99Ms, double TargetMs);
}
