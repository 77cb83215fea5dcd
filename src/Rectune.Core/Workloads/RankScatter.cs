using System.Numerics;
using Rectune.Core.Numerics;

namespace Rectune.Core.Workloads;

/// <summary>
/// A seeded one-to-one map of popularity ranks onto rows, so that hot rows do not lie side by side where one cache line or page would serve several.
/// </summary>
/// <remarks>
/// On b = ⌈log₂ N⌉ bits, adding a constant, multiplying by an odd number and xor-ing with the upper half shifted down are each one-to-one modulo 2^b; a
/// result of N or more is mapped again until it falls below N (cycle walking), which keeps the map one-to-one on [0, N) at under two rounds on average.
/// </remarks>
public readonly struct RankScatter
{
    private readonly long rows;
    private readonly ulong mask;
    private readonly int shift;
    private readonly ulong offset;
    private readonly ulong firstFactor;
    private readonly ulong secondFactor;

    public RankScatter(long rows, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        var bits = 64 - BitOperations.LeadingZeroCount((ulong)rows - 1);
        var generator = new SplitMix64(seed);
        this.rows = rows;
        mask = (1UL << bits) - 1;
        shift = Math.Max(1, (bits + 1) / 2);
        offset = generator.NextUInt64();
        firstFactor = generator.NextUInt64() | 1;
        secondFactor = generator.NextUInt64() | 1;
    }

    /// <summary>The row of a popularity rank; both run from 0 to N − 1.</summary>
    public long Row(long rank)
    {
        var value = (ulong)rank;
        do
        {
            value = (value + offset) & mask;
            value = ((value ^ (value >> shift)) * firstFactor) & mask;
            value = ((value ^ (value >> shift)) * secondFactor) & mask;
            value ^= value >> shift;
        }
        while (value >= (ulong)rows);

        return (long)value;
    }
}
