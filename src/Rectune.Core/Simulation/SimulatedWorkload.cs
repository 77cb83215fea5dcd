using Rectune.Core.Numerics;
using Rectune.Core.Workloads;

namespace Rectune.Core.Simulation;

/// <summary>
/// Arrivals at unit rate with their query sizes: one replication. Scaling its gaps serves every rate, so candidates and rates are compared under the same luck.
/// </summary>
public sealed class SimulatedWorkload
{
    private const ulong Purpose = 0x53696D;

    private SimulatedWorkload(double[] instants, int[] sizes, ulong seed)
    {
        Instants = instants;
        Sizes = sizes;
        Seed = seed;
    }

    /// <summary>Arrival instants, ascending, one query a unit of time on average.</summary>
    public double[] Instants { get; }

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
        var gaps = SplitMix64.For(seed, Purpose, (ulong)replication * 3);
        var draws = SplitMix64.For(seed, Purpose, ((ulong)replication * 3) + 1);
        var instants = new double[queries];
        var samples = new int[queries];
        var now = 0.0;
        for (var i = 0; i < queries; i++)
        {
            now += arrivals.NextGap(ref gaps);
            instants[i] = now;
            samples[i] = sizes.Next(ref draws);
        }

        return new SimulatedWorkload(instants, samples, SplitMix64.For(seed, Purpose, ((ulong)replication * 3) + 2).NextUInt64());
    }
}
