using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Core.Scheduling;

/// <summary>
/// What a plan says that runs of a path take while it is served, and how far off they may be. It speaks of runs that follow another on their instance, as measured ones do: what cold caches cost after a
/// pause depends on the load, several times the service time where runs are short. A run that begins while other instances are idle may have caches and memory to itself, which the plan explains
/// (<see cref="ServiceCurve.LiveFactor"/>), so that what it says is a range.
/// </summary>
public sealed class ServiceExpectation
{
    /// <summary>
    /// Part of a machine's speed that it keeps from hour to hour, which is longer than the longest simulated spell: live runs of one path minutes apart cross the same limit at rates that differ by a tenth
    /// on a shared two-core machine.
    /// </summary>
    public const double KeptSpeed = 0.9;

    /// <summary>Standard deviations on either side of a two-sided interval of 99 %.</summary>
    private const double Deviations = 2.58;

    /// <summary>Part of the variance that spells of a machine have which is left in the mean of a window: those of 10 ms, 0.1 s, 1 s and 3 s, in equal parts, over 10 s.</summary>
    private const double SpellShare = 0.1;

    /// <summary>Variance of a median over that of a mean, times the number of values: π/2 for normal ones.</summary>
    private const double MedianVariance = Math.PI / 2;

    /// <summary>Where a plan says nothing of the spread of its runs: what is seen on shared machines.</summary>
    private const double UsualSpread = 0.25;

    /// <inheritdoc cref="UsualSpread"/>
    private const double UsualPersistence = 0.7;

    /// <summary>Times that runs of an instance which is nearly always idle may take: others have used its caches and the clock of its core has fallen. Runs of 0.1 ms were seen to take 3.2 times at 20 a second.</summary>
    private const double MostCold = 4;

    /// <summary>Share of its time from which on an instance that is busy stays as warm as one that is measured.</summary>
    private const double WarmShare = 0.5;

    private readonly PathTimes times;
    private readonly int instances;
    private readonly double medianShare;
    private readonly double crowded;
    private readonly double alone;

    private ServiceExpectation(PathTimes times, int instances, double medianShare, double? liveFactor, double spread, double persistence)
    {
        (this.times, this.instances, this.medianShare) = (times, instances, medianShare);
        crowded = Math.Max(1, liveFactor ?? 1);

        // Where live load did not show it, anything that live load is let to show; but a single instance is always alone, and was when it was measured.
        alone = liveFactor is { } seen and < 1 ? seen : instances == 1 ? 1 : ServiceCurve.LeastLiveFactor;
        High = 1 / KeptSpeed * Math.Exp(Deviations * spread * Math.Sqrt((SpellShare * persistence) + (MedianVariance * (1 - persistence) / ServiceDrift.FewestRuns)));
        Low = 1 / High;
    }

    /// <summary>Upper end of the interval in which the median of a window lies, over what is expected.</summary>
    public double High { get; }

    /// <summary>Lower end.</summary>
    public double Low { get; }

    /// <summary>Samples of the largest run.</summary>
    public int MaxBatch => times.MaxBatch;

    /// <param name="path">With the times that its runs are planned to take.</param>
    /// <param name="service">The same path's curve, for the spread of its runs and what live load showed of it; null: the usual ones are taken.</param>
    public static ServiceExpectation Of(ScheduledPath path, ServiceCurve? service)
    {
        ArgumentNullException.ThrowIfNull(path);
        var planned = PathTimes.Of(path);
        if (service is null || service.Residuals.Count < 2)
        {
            return new ServiceExpectation(planned, path.Instances, path.TypicalShare, liveFactor: null, UsualSpread, UsualPersistence);
        }

        double[] residuals = [.. service.Residuals];
        var spread = 0.5 * Math.Log(Percentiles.Interpolated(residuals, 0.84) / Percentiles.Interpolated(residuals, 0.16));
        return new ServiceExpectation(
            planned,
            path.Instances,
            path.TypicalShare * Percentiles.Interpolated(residuals, 0.5) / residuals.Average(),
            service.LiveFactor?.Value,
            spread,
            service.Persistence?.Value ?? UsualPersistence);
    }

    /// <summary>Of every path that a plan's scheduler names, in its order; none where it names none.</summary>
    public static IReadOnlyList<ServiceExpectation> AllOf(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return [.. plan.Scheduler.Paths.Select(path => Of(path, plan.Paths.FirstOrDefault(served => served.Id == path.Id)?.Service))];
    }

    /// <summary>Between what the median of such runs lies if all is as planned, nanoseconds.</summary>
    /// <param name="samples">Of the run, 1 to <see cref="MaxBatch"/>.</param>
    /// <param name="beside">Other instances of the device that were busy when it began.</param>
    /// <param name="busyShare">Share of the last tenth of a second in which its own instance was busy, 0 to 1.</param>
    public (double LeastNs, double MostNs) Explained(int samples, int beside, double busyShare = 1)
    {
        var expectedNs = times.PlannedNs(samples) * medianShare * crowded;
        var company = instances == 1 ? 0 : Math.Min(1, (double)beside / (instances - 1));
        var leastNs = expectedNs * (alone + ((1 - alone) * company));

        // A single instance has no company that it could miss: the factor holds for all of its runs.
        var cold = 1 + ((MostCold - 1) * Math.Max(0, 1 - (busyShare / WarmShare)));
        return (leastNs, cold * (instances == 1 ? leastNs : expectedNs));
    }
}
