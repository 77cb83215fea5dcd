using Rectune.Core.Numerics;

namespace Rectune.Core.Workloads;

/// <summary>Every query has the same size.</summary>
public sealed class FixedSizes : IQuerySizes
{
    /// <summary>Four times the largest preset query: beyond it a "query" is bulk scoring, not ranking.</summary>
    public const int Largest = 4096;

    private readonly int samples;

    public FixedSizes(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples, Largest);
        this.samples = samples;
    }

    public string Name => $"fixed:{samples}";

    public double MeanSamples => samples;

    public int Maximum => samples;

    public int Next(ref SplitMix64 generator) => samples;
}
