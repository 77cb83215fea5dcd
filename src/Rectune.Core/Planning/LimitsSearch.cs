using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Search;
using Rectune.Core.Simulation;

namespace Rectune.Core.Planning;

/// <summary>Finds the limits under which a configuration serves best, on a short replication.</summary>
internal sealed class LimitsSearch(SimulatedPaths paths, PlanRequest request, SearchSpace space)
{
    /// <summary>Rate over the best so far that limits must hold to be looked at: below what two measurements of one path differ by.</summary>
    private const double Worthwhile = 1.02;

    /// <summary>Part of the knee at which paths are usually certified: where the search for a promise begins.</summary>
    internal const double UsualShare = 0.6;

    /// <summary>Part of the highest knee that limits must hold to be looked at for their certificate.</summary>
    private const double NearKnee = 0.9;

    /// <summary>Part of the ceiling at which knees often lie: where the first one is looked for.</summary>
    private const double UsualKnee = 0.75;

    /// <summary>The sooner good limits are met, the fewer others need more than one look.</summary>
    private readonly BatchLimits[] fromTheMiddle = [.. space.BatchLimits.OrderBy(limits => DoublingsFrom(limits, space.BatchLimits[space.BatchLimits.Count / 2]))];

    /// <summary>Those with the highest knee, and it; where none hold any load, those that come closest, and 0.</summary>
    public (BatchLimits Limits, double Qps) Fastest(Configuration configuration, ServiceTimeModel service)
    {
        var ceiling = paths.CeilingQps(configuration, service);
        var best = fromTheMiddle[0];
        var bestRate = -1.0;
        foreach (var limits in fromTheMiddle)
        {
            var path = paths.Path(configuration, limits, service);
            if (bestRate > 0 && !path.Holds(paths.Screening, request.Sla, bestRate * Worthwhile, SimulatedPaths.Buffer))
            {
                continue;
            }

            var rate = paths.KneeQps(path, paths.Screening, bestRate > 0 ? bestRate : UsualKnee * ceiling, ceiling);
            if (rate > bestRate)
            {
                (best, bestRate) = (limits, rate);
            }
        }

        return bestRate > 0
            ? (best, bestRate)
            : (space.BatchLimits.MinBy(limits => paths.UnloadedPercentileMs(paths.Path(configuration, limits, service), ceiling)), 0);
    }

    /// <summary>
    /// Among limits whose knee is not far below the highest, those that are certified at the highest rate: large batches raise the knee, and make queries wait for each other, so that
    /// each says less about the next.
    /// </summary>
    public BatchLimits MostPromising(Configuration configuration, ServiceTimeModel service, BatchLimits fastest, double kneeQps)
    {
        var (best, rate) = (fastest, Certified(fastest, worthwhile: 0));
        foreach (var limits in fromTheMiddle)
        {
            if (limits != fastest && paths.Path(configuration, limits, service).Holds(paths.Screening, request.Sla, NearKnee * kneeQps, SimulatedPaths.Buffer)
                && Certified(limits, rate * (1 + PathChoice.TieShare)) is > 0 and var certified)
            {
                (best, rate) = (limits, certified);
            }
        }

        return best;

        double Certified(BatchLimits limits, double worthwhile)
        {
            var path = paths.Path(configuration, limits, service);
            return worthwhile == 0 ? Highest(UsualShare * kneeQps)
                : paths.Certifies(path, paths.Replications[0], worthwhile) ? Highest(worthwhile)
                : 0;

            double Highest(double guess) => SimulatedPath.HighestRateNear(qps => paths.Certifies(path, paths.Replications[0], qps), guess, kneeQps);
        }
    }

    private static double DoublingsFrom(BatchLimits limits, BatchLimits middle) =>
        Math.Abs(Math.Log2((double)limits.SplitSamples / middle.SplitSamples)) + Math.Abs(Math.Log2((double)limits.MaxBatch / middle.MaxBatch));
}
