using Rectune.Core.Numerics;

namespace Rectune.Core.Workloads;

/// <summary>A process by which queries arrive. Immutable.</summary>
public interface IArrivals
{
    /// <summary>The name that <see cref="ArrivalCatalog"/> reads back: <c>poisson</c>, <c>bursty:3,0.1,100ms</c>.</summary>
    string Name { get; }

    /// <summary>Time after which what may happen has usually happened, seconds; 0 where every moment is like the next.</summary>
    double CycleSeconds { get; }

    /// <summary>Highest rate over the average; 1 where it does not change, or is not known to.</summary>
    double PeakFactor { get; }

    /// <summary>Begins one course of the process; the same generator begins the same one.</summary>
    IArrivalCourse Begin(SplitMix64 generator);
}
