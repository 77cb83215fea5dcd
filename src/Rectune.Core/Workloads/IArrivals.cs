using Rectune.Core.Numerics;

namespace Rectune.Core.Workloads;

/// <summary>An arrival process at unit rate; dividing its gaps by a rate gives the process at that rate.</summary>
public interface IArrivals
{
    /// <summary>The name that <see cref="ArrivalCatalog"/> reads back.</summary>
    string Name { get; }

    /// <summary>Draws the gap to the next arrival; the mean is 1.</summary>
    double NextGap(ref SplitMix64 generator);
}
