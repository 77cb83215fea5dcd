using Rectune.Core.Numerics;

namespace Rectune.Core.Workloads;

/// <summary>Independent queries from many users: gaps are exponential, their coefficient of variation is 1.</summary>
public sealed class PoissonArrivals : IArrivals
{
    public string Name => "poisson";

    public double CycleSeconds => 0;

    public double PeakFactor => 1;

    public IArrivalCourse Begin(SplitMix64 generator) => new PoissonCourse(generator, rates: null);
}
