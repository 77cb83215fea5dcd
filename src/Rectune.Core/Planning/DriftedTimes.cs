using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Scheduling;

namespace Rectune.Core.Planning;

/// <summary>From what live service times are over what a plan says of them to what they are over what was measured: a plan may say something else than the measurements that are known now.</summary>
public static class DriftedTimes
{
    /// <summary>What runs take now over what <paramref name="curves"/> say; null where nothing is known of any of the plan's paths.</summary>
    /// <param name="plan">One whose scheduler names its paths.</param>
    /// <param name="ratio">What runs take now over what the plan explains.</param>
    /// <param name="curves">Of known measurements, not corrected.</param>
    public static double? Factor(Plan plan, double ratio, KnownCurves curves)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(curves);
        var (sum, count) = (0.0, 0);
        for (var i = 0; i < plan.Scheduler.Paths.Count; i++)
        {
            var (scheduled, path) = (plan.Scheduler.Paths[i], plan.Paths[i]);
            if (curves.Of(path.Configuration) is not { } curve)
            {
                continue;
            }

            var expected = ServiceExpectation.Of(scheduled, path.Service);
            var known = new ServiceTimeModel(curve, scheduled.MaxBatch);
            foreach (var batch in scheduled.Planned.Select(planned => planned.Batch).Where(batch => batch <= scheduled.MaxBatch))
            {
                // With every instance busy, as was measured.
                var (_, mostNs) = expected.Explained(batch, scheduled.Instances - 1);
                sum += Math.Log(mostNs / (1e3 * known.MedianUs(batch, out _) * known.ResidualAt(0.5)));
                count++;
            }
        }

        return count == 0 ? null : ratio * Math.Exp(sum / count);
    }
}
