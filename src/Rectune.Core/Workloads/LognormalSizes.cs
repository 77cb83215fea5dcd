using Rectune.Core.Numerics;

namespace Rectune.Core.Workloads;

/// <summary>
/// Lognormal(μ = 5.1, σ = 0.2) clipped to [1, 1024]: the light-tailed preset of the DeepRecSys load generator (arXiv 2001.02772 and its code);
/// mean 167, p99 261.
/// </summary>
public sealed class LognormalSizes : IQuerySizes
{
    private static readonly ClippedLognormal Sizes = new(1, 1024);

    public string Name => "lognormal";

    public double MeanSamples { get; } = Sizes.Mean();

    public int Maximum => Sizes.Maximum;

    public int Next(ref SplitMix64 generator) => Sizes.Next(ref generator);
}
