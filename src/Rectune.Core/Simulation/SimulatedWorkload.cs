using Rectune.Core.Numerics;
using Rectune.Core.Workloads;

namespace Rectune.Core.Simulation;

/// <summary>
/// Arrivals at unit rate with their query sizes: one replication. Scaling its gaps serves every rate, so candidates and rates are compared under the same luck.
/// </summary>
public sealed class SimulatedWorkload
{
    private const ulong Purpose = 0x53696D;

    private readonly double cycleSeconds;
    private readonly double peakFactor;
    private readonly SimulatedWorkload? steady;

    private SimulatedWorkload(double[] instants, int[] sizes, RateCourse? rates, IArrivals arrivals, SimulatedWorkload? steady, ulong seed)
    {
        (Instants, Sizes, Rates, Seed) = (instants, sizes, rates, seed);
        (cycleSeconds, peakFactor, this.steady) = (arrivals.CycleSeconds, arrivals.PeakFactor, steady);
    }

    /// <summary>Arrival instants in even time, ascending, one query a unit on average.</summary>
    public double[] Instants { get; }

    /// <summary>How real time runs against even time, cycles as long as they are; null where they are the same.</summary>
    public RateCourse? Rates { get; }

    /// <summary>Samples of each query.</summary>
    public int[] Sizes { get; }

    /// <summary>Seed of the service times that go with it.</summary>
    public ulong Seed { get; }

    public int Queries => Sizes.Length;

    /// <summary>Replication number <paramref name="replication"/> of a seed.</summary>
    public static SimulatedWorkload Draw(IArrivals arrivals, IQuerySizes sizes, int queries, ulong seed, int replication)
    {
        ArgumentNullException.ThrowIfNull(arrivals);
        ArgumentNullException.ThrowIfNull(sizes);
        var course = arrivals.Begin(SplitMix64.For(seed, Purpose, (ulong)replication * 3));
        var draws = SplitMix64.For(seed, Purpose, ((ulong)replication * 3) + 1);
        var instants = new double[queries];
        var samples = new int[queries];
        for (var i = 0; i < queries; i++)
        {
            instants[i] = course.Next();
            samples[i] = sizes.Next(ref draws);
        }

        return new SimulatedWorkload(instants, samples, course.Rates, arrivals, arrivals.PeakFactor > 1 ? Draw(new PoissonArrivals(), sizes, queries, seed, replication) : null, SplitMix64.For(seed, Purpose, ((ulong)replication * 3) + 2).NextUInt64());
    }

    /// <summary>Arrivals at an average of <paramref name="qps"/>: instants, and the nanoseconds that one of their units takes.</summary>
    /// <param name="buffer">Taken where real time is not even time; as long as the workload.</param>
    public (ReadOnlyMemory<double> Instants, double NsPerUnit) At(double qps, double[] buffer)
    {
        if (Rates is not { } rates)
        {
            return (Instants, 1e9 / qps);
        }

        var scale = CycleScale(qps);
        for (var i = 0; i < Instants.Length; i++)
        {
            buffer[i] = rates.RealSeconds(Instants[i] / qps, scale);
        }

        return (buffer.AsMemory(0, Instants.Length), 1e9);
    }

    /// <summary>
    /// What a path must hold besides where cycles were shortened: the peak rate for good. A queue that grows as long as a peak lasts would look short in a shortened one. Null where cycles are whole.
    /// </summary>
    public (SimulatedWorkload Workload, double Qps)? LongPeak(double qps) => steady is not null && CycleScale(qps) < 1 ? (steady, peakFactor * qps) : null;

    private double CycleScale(double qps) => ArrivalCycles.Scale(cycleSeconds, Queries / qps);
}
