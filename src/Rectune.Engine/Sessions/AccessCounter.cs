using Rectune.Core.Numerics;
using Rectune.Core.Representations;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>
/// What one slot of one instance looked up while a version of the cache was in use, about every sixteenth id: each cached id counted by its number, the most frequent of the others. Allocates
/// nothing after construction; one thread counts, and others may read what it has counted by then.
/// </summary>
internal sealed class AccessCounter(int entries, ulong seed)
{
    /// <summary>Lookups from one that is counted to the next, on average. They vary, so that no order of the ids hides any of them.</summary>
    private const int MeanGap = 16;

    private SplitMix64 gaps = new(seed);
    private int next;
    private long counted;

    /// <summary>By number in the version's vectors.</summary>
    public int[] Hits { get; } = new int[entries];

    public FrequentIds Missed { get; } = new(VectorCachePlan.CountedMisses);

    /// <summary>Lookups that were counted.</summary>
    public long Counted => Volatile.Read(ref counted);

    /// <param name="ids">Looked up one after another.</param>
    /// <param name="numbers">What <see cref="HotVectors.Find"/> made of them.</param>
    public void Count(ReadOnlySpan<int> ids, ReadOnlySpan<int> numbers)
    {
        var at = next;
        while (at < ids.Length)
        {
            Volatile.Write(ref counted, counted + 1);
            if (numbers[at] == HotVectors.Absent)
            {
                Missed.Add(ids[at]);
            }
            else
            {
                Hits[numbers[at]]++;
            }

            at += 1 + (int)gaps.NextInt64((2 * MeanGap) - 1);
        }

        next = at - ids.Length;
    }
}
