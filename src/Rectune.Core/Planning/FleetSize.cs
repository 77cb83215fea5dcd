using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Core.Planning;

/// <summary>How many machines like the plan's hold a load, each at its promise, and what they cost.</summary>
public sealed record FleetSize
{
    /// <summary>Machines beyond which a load is a slip of the pen.</summary>
    public const long Most = 1_000_000_000;

    /// <summary>Load of all machines together, queries per second.</summary>
    public required double LoadQps { get; init; }

    /// <summary>What each machine is promised to hold, queries per second.</summary>
    public required double PromiseQps { get; init; }

    /// <summary><see cref="Provenance.Measured"/> where live load certified the promise.</summary>
    public required Provenance Source { get; init; }

    /// <summary>Machines that hold the load together.</summary>
    public required long Needed { get; init; }

    /// <summary>With one more, so that the load is still held when one is lost.</summary>
    public required long Machines { get; init; }

    /// <summary>Load of each when all run, queries per second.</summary>
    public required double EachQps { get; init; }

    /// <summary>Of one machine, in whatever money it was given; null where it was not.</summary>
    public double? PricePerHour { get; init; }

    /// <summary>Of all of them.</summary>
    public double? CostPerHour { get; init; }

    /// <summary>Of a million queries at this load, all machines paid for.</summary>
    public double? CostPerMillionQueries { get; init; }

    /// <param name="loadQps">Above 0.</param>
    /// <param name="pricePerHour">Of one machine; null where unknown.</param>
    public static FleetSize For(Plan plan, double loadQps, double? pricePerHour)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(loadQps);
        var (promiseQps, source) = Holds(plan);
        var needed = (long)Math.Min(Math.Ceiling(loadQps / promiseQps), Most);
        var machines = needed + 1;
        var cost = pricePerHour * machines;
        return new FleetSize
        {
            LoadQps = loadQps,
            PromiseQps = promiseQps,
            Source = source,
            Needed = needed,
            Machines = machines,
            EachQps = SignificantDigits.Round(loadQps / machines, 5),
            PricePerHour = pricePerHour,
            CostPerHour = Rounded(cost),
            CostPerMillionQueries = Rounded(cost * 1e6 / (3600 * loadQps)),
        };
    }

    /// <summary>What one machine holds: of a plan for a fixed load what its path is predicted to be certified at, where that is more and live load did not speak against the prediction.</summary>
    private static (double PromiseQps, Provenance Source) Holds(Plan plan)
    {
        var predicted = plan.Frontier.FirstOrDefault(entry => entry.Chosen)?.PromiseQps.Value ?? 0;
        var trusted = plan.Validated.Verdict is Verdict.Met or Verdict.NotRun && plan.Paths[0].Service.LiveFactor is null;
        return plan.Promise.FixedLoad && trusted && predicted > plan.Promise.Qps ? (predicted, Provenance.Interpolated)
            : (plan.Promise.Qps, plan.Validated.Verdict == Verdict.Met ? Provenance.Measured : Provenance.Interpolated);
    }

    private static double? Rounded(double? value) => value is { } known ? SignificantDigits.Round(known, 5) : null;
}
