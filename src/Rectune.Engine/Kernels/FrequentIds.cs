namespace Rectune.Engine.Kernels;

/// <summary>
/// The most frequent of many ids in fixed memory: counters in sets of eight, a line of the processor's caches, each set with the algorithm of Misra and Gries ("Finding repeated
/// elements", Science of Computer Programming 2, 1982). A count is never above the truth, and below it by at most a ninth of what its set saw. Adding allocates nothing; one thread adds.
/// </summary>
public sealed class FrequentIds
{
    private const int Ways = 8;

    private readonly ulong[] counters;
    private readonly int shift;

    /// <param name="capacity">Counters: a power of two, at least 16.</param>
    public FrequentIds(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 2 * Ways);
        if (!int.IsPow2(capacity))
        {
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "expected a power of two");
        }

        counters = new ulong[capacity];
        shift = 32 - int.Log2(capacity / Ways);
    }

    /// <param name="id">At least 0.</param>
    public void Add(int id)
    {
        var key = ((ulong)(uint)id + 1) << 32;
        var set = counters.AsSpan((int)(((uint)id * HotVectors.Multiplier) >> shift) * Ways, Ways);
        var free = -1;
        for (var i = 0; i < set.Length; i++)
        {
            if ((set[i] & ~(ulong)uint.MaxValue) == key)
            {
                set[i]++;
                return;
            }

            free = (uint)set[i] == 0 ? i : free;
        }

        if (free >= 0)
        {
            set[free] = key | 1;
            return;
        }

        foreach (ref var counter in set)
        {
            counter--;
        }
    }

    /// <summary>Ids with their counts, of at least 1; where another thread adds meanwhile, each as it was at some time.</summary>
    public IEnumerable<(int Id, int Count)> Counts()
    {
        foreach (var counter in counters)
        {
            if ((uint)counter != 0)
            {
                yield return ((int)((counter >> 32) - 1), (int)Math.Min((uint)counter, int.MaxValue));
            }
        }
    }
}
