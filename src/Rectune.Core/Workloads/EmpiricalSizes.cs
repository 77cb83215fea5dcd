using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Core.Workloads;

/// <summary>Query sizes as often as a trace or histogram has them, each drawn independently of the others.</summary>
public sealed class EmpiricalSizes : IQuerySizes
{
    private readonly int[] samples;
    private readonly long[] upTo;

    /// <param name="name">As the plan names it.</param>
    /// <param name="counts">Sizes from 1 to <see cref="FixedSizes.Largest"/>, ascending, at least one; counts of at least 1.</param>
    public EmpiricalSizes(string name, IReadOnlyList<SizeCount> counts)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentOutOfRangeException.ThrowIfZero(counts.Count, nameof(counts));
        (Name, Counts) = (name, counts);
        samples = [.. counts.Select(size => size.Samples)];
        upTo = new long[counts.Count];
        var total = 0L;
        for (var i = 0; i < counts.Count; i++)
        {
            if (samples[i] < 1 || samples[i] > FixedSizes.Largest || (i > 0 && samples[i] <= samples[i - 1]) || counts[i].Count < 1)
            {
                throw new ArgumentException($"size {samples[i]} with a count of {counts[i].Count} at place {i}: expected ascending sizes from 1 to {FixedSizes.Largest} and counts from 1", nameof(counts));
            }

            upTo[i] = total = checked(total + counts[i].Count);
        }

        MeanSamples = counts.Sum(size => (double)size.Samples * size.Count) / total;
    }

    public string Name { get; }

    public double MeanSamples { get; }

    public int Maximum => samples[^1];

    public IReadOnlyList<SizeCount> Counts { get; }

    public int Next(ref SplitMix64 generator)
    {
        var at = Array.BinarySearch(upTo, generator.NextInt64(upTo[^1]) + 1);
        return samples[at >= 0 ? at : ~at];
    }
}
