using Rectune.Core.Numerics;

namespace Rectune.Core.Workloads;

/// <summary>Exponential gaps in even time, and with them Poisson arrivals at whatever rate real time gives.</summary>
internal sealed class PoissonCourse(SplitMix64 generator, RateCourse? rates) : IArrivalCourse
{
    private SplitMix64 generator = generator;
    private double now;

    public RateCourse? Rates => rates;

    public double Next() => now += generator.NextExponential();
}
