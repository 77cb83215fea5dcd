using Rectune.Core.Numerics;

namespace Rectune.Core.Workloads;

/// <summary>
/// Draws popularity ranks as often as they were observed: P(r) = uses of the r-th most used id / all uses, by inversion of the exact cumulative counts.
/// Immutable; the generator is the caller's.
/// </summary>
public sealed class EmpiricalRanks
{
    /// <summary>Uses of ranks 1 … r + 1 together; rising strictly.</summary>
    private readonly long[] uses;

    /// <param name="counts">How often each id was used, in any order; zeros are ids that were not.</param>
    public EmpiricalRanks(IReadOnlyCollection<int> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        uses = [.. counts.Where(count => count > 0).OrderDescending().Select(count => (long)count)];
        if (uses.Length == 0)
        {
            throw new ArgumentException("expected at least one id in use", nameof(counts));
        }

        for (var rank = 1; rank < uses.Length; rank++)
        {
            uses[rank] += uses[rank - 1];
        }
    }

    /// <summary>N, the number of ids in use.</summary>
    public int Distinct => uses.Length;

    /// <summary>How often the ids of a table are used whose rows are these ranks, taken modulo the rows where there are fewer.</summary>
    public CountedRanks Law(long rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);

        // Uses that never rise do not rise when every n-th of them are summed either.
        var folded = new long[Math.Min(rows, uses.Length)];
        for (var rank = 0; rank < uses.Length; rank++)
        {
            folded[rank % folded.Length] += uses[rank] - (rank == 0 ? 0 : uses[rank - 1]);
        }

        return new CountedRanks(folded, uses[^1]);
    }

    /// <summary>A rank from 1, the most popular, to N.</summary>
    public int Next(ref SplitMix64 generator)
    {
        var found = Array.BinarySearch(uses, generator.NextInt64(uses[^1]));

        // A draw equal to a sum lies just beyond the ranks that it sums.
        return found >= 0 ? found + 2 : ~found + 1;
    }
}
