using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Core.Simulation;

/// <summary>A path, or several that a scheduler chooses among, under simulated load at any rate: latencies, knee, and the rate that can be certified.</summary>
public sealed class SimulatedPath
{
    /// <summary>Start of a replication that is not judged: the queue begins empty.</summary>
    private const double WarmUpShare = 0.05;

    /// <summary>A rate is known well enough when the bracket is this narrow, relative: below what two measurements of one path differ by.</summary>
    private const double RateResolution = 0.01;

    /// <summary>Times a rate that is known to hold, the next one that differs from it.</summary>
    public const double NextRate = 1 + RateResolution;

    /// <summary>Times and parts of a guess between which the answer is looked for first: replications of one path differ by less.</summary>
    private const double GuessWidth = 1.08;

    /// <summary>First step away from a guess that was wrong, a ratio; each next one is its square.</summary>
    private const double FirstWidth = GuessWidth * GuessWidth;

    /// <summary>The highest rate over the lowest that is looked at.</summary>
    private const double Widest = 1024;

    private readonly QueueSimulator simulator;
    private readonly double generatorShare;
    private readonly int instances;
    private double[] warped = [];

    /// <param name="scheduler">Scheduler and limits.</param>
    /// <param name="services">Service times with all instances busy: of every path that the scheduler names, in their order, or of the one path.</param>
    /// <param name="generatorCpuSecondsPerQuery">Processor time that generating and submitting one query takes.</param>
    /// <param name="machineCores">Cores of the machine.</param>
    /// <param name="pathCores">Cores that the path keeps busy: where it leaves one free, the generator runs there.</param>
    public SimulatedPath(SchedulerSettings scheduler, IReadOnlyList<IServiceTimes> services, double generatorCpuSecondsPerQuery, int machineCores, int pathCores)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        simulator = new QueueSimulator(scheduler, services);
        instances = simulator.Instances;
        generatorShare = machineCores > pathCores ? 0 : generatorCpuSecondsPerQuery / machineCores;
    }

    /// <summary>Share of the time that instances were busy in the last run, 0 to 1.</summary>
    public double BusyShare => simulator.BusyInstances / instances;

    /// <summary>Latencies at <paramref name="qps"/> in milliseconds, in order of arrival, warm-up removed; infinite where refused.</summary>
    /// <param name="queries">Queries that are judged, where the replication has so many; none arrives after them.</param>
    public ReadOnlySpan<double> Latencies(SimulatedWorkload workload, double qps, double[] buffer, out int firstQuery, int queries = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(buffer);
        var all = Range(workload, queries, out firstQuery);
        Run(workload, qps, buffer, all, OverLimit.None);
        return buffer.AsSpan(firstQuery..all);
    }

    /// <summary>The same, with the quality of every query's answer, 0 where it was refused or the scheduler knows of none.</summary>
    /// <inheritdoc cref="Latencies(SimulatedWorkload, double, double[], out int, int)"/>
    public ReadOnlySpan<double> Latencies(SimulatedWorkload workload, double qps, double[] buffer, double[] qualities, out int firstQuery)
    {
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentNullException.ThrowIfNull(qualities);
        var all = Range(workload, int.MaxValue, out firstQuery);
        Array.Clear(qualities, 0, all);
        Run(workload, qps, buffer, all, OverLimit.None, qualities.AsSpan(0, all));
        return buffer.AsSpan(firstQuery..all);
    }

    /// <summary>Whether the share over the limit, as observed, is within the target.</summary>
    public bool Holds(SimulatedWorkload workload, Sla sla, double qps, double[] buffer) => HoldsLongPeak(workload, sla, qps, buffer) && Holds(workload, sla, qps, buffer, int.MaxValue, out _);

    /// <summary>Whether the promise test would certify the target from the first queries of this replication.</summary>
    /// <param name="queries">Queries that are judged, where the replication has so many.</param>
    public bool Certifies(SimulatedWorkload workload, Sla sla, double confidence, double qps, double[] buffer, int queries = int.MaxValue) =>
        HoldsLongPeak(workload, sla, qps, buffer) && Holds(workload, sla, qps, buffer, queries, out var latencies) && new PromiseTest(sla.AllowedShare(), confidence).Certifies(latencies, sla.LimitMs);

    private bool HoldsLongPeak(SimulatedWorkload workload, Sla sla, double qps, double[] buffer)
    {
        ArgumentNullException.ThrowIfNull(workload);
        return workload.LongPeak(qps) is not { } peak || Holds(peak.Workload, sla, peak.Qps, buffer, int.MaxValue, out _);
    }

    private static int Range(SimulatedWorkload workload, int queries, out int firstQuery)
    {
        firstQuery = (int)(workload.Queries * WarmUpShare);
        return (int)Math.Min(workload.Queries, (long)firstQuery + queries);
    }

    private bool Holds(SimulatedWorkload workload, Sla sla, double qps, double[] buffer, int queries, out ReadOnlySpan<double> latencies)
    {
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(sla);
        ArgumentNullException.ThrowIfNull(buffer);
        var all = Range(workload, queries, out var first);
        latencies = buffer.AsSpan(first..all);

        // 1 − 0.9 falls short of a tenth in binary; the slack is far below one query.
        return Run(workload, qps, buffer, all, new OverLimit(sla.LimitMs, first, (int)((sla.AllowedShare() * (all - first)) + 1e-6)));
    }

    private bool Run(SimulatedWorkload workload, double qps, double[] buffer, int queries, OverLimit tooMany, Span<double> qualities = default)
    {
        if (workload.Rates is not null && warped.Length < workload.Queries)
        {
            warped = new double[workload.Queries];
        }

        var (instants, nsPerUnit) = workload.At(qps, warped);
        return simulator.RunUntil(instants.Span[..queries], nsPerUnit, workload.Sizes.AsSpan(0, queries), workload.Seed, 1 + (generatorShare * qps), buffer.AsSpan(0, queries), tooMany, qualities);
    }

    /// <summary>
    /// Highest rate at which <paramref name="holds"/> is true, by bisection below <paramref name="ceilingQps"/>; 0 when it is not even true at a vanishing rate.
    /// Assumes that less load never hurts.
    /// </summary>
    public static double HighestRate(Func<double, bool> holds, double ceilingQps)
    {
        ArgumentNullException.ThrowIfNull(holds);
        var low = ceilingQps / Widest;
        return holds(low) ? Between(holds, low, ceilingQps) : 0;
    }

    /// <summary>The same where the answer is expected near <paramref name="guessQps"/>: half the runs where it is, and few more where it is not far.</summary>
    public static double HighestRateNear(Func<double, bool> holds, double guessQps, double ceilingQps)
    {
        ArgumentNullException.ThrowIfNull(holds);
        if (guessQps <= 0)
        {
            return HighestRate(holds, ceilingQps);
        }

        guessQps = Math.Min(guessQps, ceilingQps);
        var (low, high) = (guessQps / GuessWidth, Math.Min(ceilingQps, guessQps * GuessWidth));
        if (holds(low))
        {
            return high < ceilingQps && holds(high) ? Above(holds, high, ceilingQps) : Between(holds, low, high);
        }

        return Below(holds, low, low / Widest);
    }

    /// <summary>Looks below a rate that does not hold, in steps that widen.</summary>
    private static double Below(Func<double, bool> holds, double high, double lowest)
    {
        for (var width = FirstWidth; high > lowest; width *= width)
        {
            var low = Math.Max(lowest, high / width);
            if (holds(low))
            {
                return Between(holds, low, high);
            }

            high = low;
        }

        return 0;
    }

    /// <summary>Looks above a rate that holds, in steps that widen.</summary>
    private static double Above(Func<double, bool> holds, double low, double ceiling)
    {
        for (var width = FirstWidth; low * width < ceiling; width *= width)
        {
            if (!holds(low * width))
            {
                return Between(holds, low, low * width);
            }

            low *= width;
        }

        return Between(holds, low, ceiling);
    }

    /// <summary>Bisection between a rate that holds and one that need not.</summary>
    private static double Between(Func<double, bool> holds, double low, double high)
    {
        while (high / low > 1 + RateResolution)
        {
            var middle = high / low > 2 ? Math.Sqrt(high * low) : 0.5 * (high + low);
            if (holds(middle))
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
