using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Search;

namespace Rectune.Core.Planning;

/// <summary>
/// Evaluates many configurations in the time of a few: those that another clearly beats in everything that counts keep a rough promise, their knee times the share of it that paths alike are
/// certified at; and where they are beaten even at a rate that no queue holds, a rough knee.
/// </summary>
internal sealed class StagedEvaluation(PlanRequest request, SearchSpace space)
{
    /// <summary>A knee that is so many times another's is hardly overtaken when both are certified: a first sieve, whose leavings are compared again by their promises.</summary>
    private const double ClearlyFaster = 1.25;

    /// <summary>A rough promise may be too low by this factor: certificates are of other limits than the highest knee, seen up to 1.36 times as high.</summary>
    private const double RoughFactor = 1.4;

    /// <summary>Screened at a time: the same whatever the number of cores, so that the same are simulated.</summary>
    private const int AtATime = 8;

    private readonly PathEvaluator evaluator = new(request, space);

    /// <summary>Evaluations in the order of <paramref name="candidates"/>.</summary>
    public PathEvaluation[] Of(IReadOnlyList<(Configuration Configuration, ServiceCurve Curve, double? ScoreChange)> candidates, CancellationToken cancellation)
    {
        var parallel = new ParallelOptions { CancellationToken = cancellation };
        var screened = Screened(candidates, parallel, out var knees);
        var evaluations = new PathEvaluation?[candidates.Count];
        int[] next = [.. Enumerable.Range(0, candidates.Count).Where(i => !Enumerable.Range(0, candidates.Count).Any(other => screened[other] is { } known && known.Qps > ClearlyFaster * knees[i] && MayReplace(candidates, other, i)))];
        while (next.Length > 0)
        {
            Parallel.ForEach(next, parallel, i =>
            {
                var (configuration, curve, change) = candidates[i];
                var found = screened[i] ?? evaluator.Screen(configuration, curve);
                (screened[i], knees[i]) = (found, found.Qps);
                evaluations[i] = evaluator.Evaluate(configuration, curve, change, found);
            });
            next =
            [
                .. Enumerable.Range(0, candidates.Count).Where(i => evaluations[i] is null && Rough(i) is { } rough
                    && !Enumerable.Range(0, candidates.Count).Any(other => evaluations[other] is { } known && known.PromiseQps.Value > RoughFactor * rough.PromiseQps.Value && MayReplace(candidates, other, i))),
            ];
        }

        return [.. evaluations.Select((evaluation, i) => evaluation ?? Rough(i))];

        PathEvaluation Rough(int i)
        {
            var (configuration, curve, change) = candidates[i];
            return evaluator.Rough(configuration, curve, change, (screened[i]?.Limits ?? space.BatchLimits[^1], knees[i]), Share(configuration));
        }

        double Share(Configuration configuration)
        {
            var feasible = evaluations.OfType<PathEvaluation>().Where(e => e.Feasible).ToArray();
            var alike = feasible.Where(e => e.Configuration.Instances == configuration.Instances && e.Configuration.Threads == configuration.Threads).ToArray();
            double[] shares = [.. (alike.Length > 0 ? alike : feasible).Select(e => e.PromiseQps.Value / e.ScreenedQps).Order()];
            return shares.Length == 0 ? 0 : Percentiles.Interpolated(shares, 0.5);
        }
    }

    /// <summary>
    /// Limits and knee of every candidate. Some at a time, those that could be fastest first: what another beats clearly even at the rate that no queue holds is not simulated; its limits are null, and
    /// its knee is taken to be as far below that rate as those of the others.
    /// </summary>
    private (BatchLimits Limits, double Qps)?[] Screened(IReadOnlyList<(Configuration Configuration, ServiceCurve Curve, double? ScoreChange)> candidates, ParallelOptions parallel, out double[] knees)
    {
        double[] ceilings = [.. candidates.Select(candidate => evaluator.CeilingQps(candidate.Configuration, candidate.Curve))];
        var screened = new (BatchLimits Limits, double Qps)?[candidates.Count];
        foreach (var some in Enumerable.Range(0, candidates.Count).OrderByDescending(i => ceilings[i]).Chunk(AtATime))
        {
            int[] open = [.. some.Where(i => !Enumerable.Range(0, candidates.Count).Any(other => screened[other] is { } known && known.Qps > ClearlyFaster * ceilings[i] && MayReplace(candidates, other, i)))];
            Parallel.ForEach(open, parallel, i => screened[i] = evaluator.Screen(candidates[i].Configuration, candidates[i].Curve));
        }

        double[] shares = [.. Enumerable.Range(0, candidates.Count).Where(i => screened[i] is { Qps: > 0 }).Select(i => screened[i]!.Value.Qps / ceilings[i]).Order()];
        var share = shares.Length == 0 ? 0 : Percentiles.Interpolated(shares, 0.5);
        knees = [.. screened.Select((known, i) => known?.Qps ?? (share * ceilings[i]))];
        return screened;
    }

    /// <summary>Whether one path may take the place of another in everything but its rate, so that the other is neither chosen nor on the frontier where it is slower.</summary>
    private bool MayReplace(IReadOnlyList<(Configuration Configuration, ServiceCurve Curve, double? ScoreChange)> candidates, int other, int one)
    {
        var (a, b) = (candidates[other], candidates[one]);
        var byCost = request.Qps is not null || request.Objective == "cost";
        return MemoryBytes(a.Configuration) <= MemoryBytes(b.Configuration)
            && (!byCost || a.Configuration.Cores() <= b.Configuration.Cores())
            && (!request.LetsIn(b.Configuration, b.ScoreChange) || request.LetsIn(a.Configuration, a.ScoreChange))
            && (request.Objective != "quality" || (a.ScoreChange ?? double.MaxValue) <= (b.ScoreChange ?? double.MaxValue));
    }

    private long MemoryBytes(Configuration configuration) => PathMemory.Bytes(request.Model.Card, configuration, space.LargestBatch);
}
