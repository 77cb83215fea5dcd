using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Search;

namespace Rectune.Core.Planning;

/// <summary>
/// Sets of paths that share a device and divide its cores alike, for the scheduler that chooses among them query by query (MP-Rec, ASPLOS 2023, section 4): the fastest path beside those that answer
/// better. MP-Rec keeps a fast, a good and a small path on each device; here every pair and all of them together are simulated, and compete with single paths for the plan.
/// </summary>
internal sealed class PathSets(PlanRequest request, SearchSpace space, PathEvaluator evaluator)
{
    /// <summary>Of the limit, kept for bursts before time is spent on better answers; the one under which the most correct predictions are served at a usual load is taken.</summary>
    private static readonly double[] SlackShares = [0.3, 0.6];

    private const double HysteresisShare = 0.1;

    /// <summary>Part of the fastest path's promise at which slack shares are compared.</summary>
    private const double UsualLoad = 0.7;

    /// <summary>Better paths that are put beside a fast one: each costs the memory of its tables.</summary>
    private const int MostOthers = 3;

    /// <summary>Divisions of the cores whose sets are simulated, the fastest first.</summary>
    private const int MostDivisions = 2;

    /// <summary>Evaluated sets of paths whose quality is known to differ; none where it is not.</summary>
    /// <param name="alone">Every path by itself.</param>
    public IReadOnlyList<PathEvaluation> Of(IReadOnlyList<PathEvaluation> alone, Func<PathEvaluation, bool> mayServe, CancellationToken cancellation)
    {
        var known = alone.Where(path => path.Quality.Value is not null && mayServe(path)).ToArray();
        var divisions = known
            .GroupBy(path => (path.Configuration.Device, path.Configuration.Instances, path.Configuration.Threads, path.Configuration.Runtime))
            .Select(division => (Fastest: division.Where(path => !path.IsRough).MaxBy(path => path.PromiseQps.Value), Paths: division.ToArray()))
            .Where(division => division.Fastest is { Feasible: true })
            .OrderByDescending(division => division.Fastest!.PromiseQps.Value)
            .Take(MostDivisions);
        List<PathEvaluation[]> sets = [];
        foreach (var (fastest, paths) in divisions)
        {
            // Of those that answer alike only the quickest is of use; an order that does not depend on how they were measured.
            PathEvaluation[] better =
            [
                .. paths.Where(path => path.Quality.Value - fastest!.Quality.Value > PathChoice.QualityTie)
                    .GroupBy(path => Math.Round(path.Quality.Value!.Value / PathChoice.QualityTie))
                    .Select(alike => alike.OrderBy(path => evaluator.CeilingQps(path.Configuration, path.Service)).ThenBy(path => path.Id, StringComparer.Ordinal).Last())
                    .OrderByDescending(path => path.Quality.Value).ThenBy(path => path.Id, StringComparer.Ordinal).Take(MostOthers),
            ];
            sets.AddRange(better.Select(path => new[] { fastest!, path }));
            if (better.Length > 1)
            {
                sets.Add([fastest!, .. better]);
            }
        }

        PathEvaluation[] fitting = [.. sets.Where(set => set.Sum(path => path.MemoryBytes) <= request.MemoryLimitBytes && (request.QualityMin is not { } least || set.Any(path => path.Quality.Value >= least))).SelectMany(Candidates)];
        var evaluated = new PathEvaluation[fitting.Length];
        Parallel.For(0, fitting.Length, new ParallelOptions { CancellationToken = cancellation }, i => evaluated[i] = Promised(fitting[i]));
        return
        [
            .. evaluated.GroupBy(set => set.Id, StringComparer.Ordinal)
                .Select(slacks => slacks.MaxBy(set => set.PromiseQps.Value * (set.Quality.Value ?? 0))!)
                .Where(set => set.Feasible),
        ];
    }

    /// <summary>A set under each share of slack, its promise still that of its fastest path.</summary>
    private static IEnumerable<PathEvaluation> Candidates(PathEvaluation[] set) => SlackShares.Select(slack => set[0] with
    {
        Others = set[1..],
        OwnQuality = set[0].Quality,
        MemoryBytes = set.Sum(path => path.MemoryBytes),
        MaxScoreChange = set.Any(path => path.MaxScoreChange is null) ? null : set.Max(path => path.MaxScoreChange),
        Scheduler = set[0].Scheduler with { SlackShare = slack },
    });

    private PathEvaluation Promised(PathEvaluation set)
    {
        var alone = set.PromiseQps.Value;
        set = set with { Scheduler = Scheduler(set) };
        var serving = PlanAssembly.Serving(request, set);
        var promise = evaluator.Promise(serving, set.Scheduler, alone);
        var usual = UsualLoad * promise.Value;
        return set with
        {
            PromiseQps = promise,
            UnloadedPercentileMs = evaluator.UnloadedPercentileMs(serving, set.Scheduler),
            Quality = promise.Value == 0 ? set.Quality : Mixed(set, evaluator.MeanQuality(serving, set.Scheduler, usual)),
        };
    }

    /// <summary>What the traffic gets at a usual load; at the promise itself hardly any time is left to spend.</summary>
    private static Quality Mixed(PathEvaluation set, double mean) => new()
    {
        Metric = set.Quality.Metric,
        Value = SignificantDigits.Round(mean, 6),
        Source = set.Others.Select(other => other.Quality.Source).Prepend(set.OwnQuality!.Source).Max(),
        Where = FormattableString.Invariant($"mean over the traffic at {UsualLoad:P0} of the promise, simulated; of the paths: {string.Join(", ", set.Others.Select(other => Text(other.Quality)).Prepend(Text(set.OwnQuality)))}"),
    };

    private static string Text(Quality quality) => FormattableString.Invariant($"{quality.Value:F4} ({quality.Source.ToString().ToLowerInvariant()})");

    private SchedulerSettings Scheduler(PathEvaluation set) => set.Scheduler with
    {
        Policy = SchedulingPolicies.MultiPath,
        LimitUs = Deadlines.LimitUs(request.Sla),
        HysteresisShare = HysteresisShare,
        QualityMin = request.QualityMin,
        Paths = [.. PlanAssembly.Serving(request, set).Select(path => Deadlines.Scheduled(path, set.Scheduler.MaxBatch, space.Batches))],
    };
}
