using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Core.Workloads;

/// <summary>A distribution of query sizes, in candidate samples per query. Immutable; the generator is the caller's.</summary>
public interface IQuerySizes
{
    /// <summary>The name that <see cref="QuerySizeCatalog"/> reads back: <c>lognormal</c>, <c>fixed:64</c>.</summary>
    string Name { get; }

    /// <summary>Exact expected size.</summary>
    double MeanSamples { get; }

    /// <summary>No query is larger.</summary>
    int Maximum { get; }

    /// <summary>Sizes with their frequencies where they come from a file; null where the name says all.</summary>
    IReadOnlyList<SizeCount>? Counts => null;

    /// <summary>Draws a size, at least 1.</summary>
    int Next(ref SplitMix64 generator);
}
