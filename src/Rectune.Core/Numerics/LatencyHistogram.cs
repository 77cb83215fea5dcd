using System.Numerics;

namespace Rectune.Core.Numerics;

/// <summary>
/// Latencies from 1 ns to 1 h in fixed memory (37 KiB): every power of two is cut into 128 equal buckets, so a bucket is at most 1/128 (0.8 %) of its values wide.
/// Longer or infinite latencies are counted as infinite. Recording allocates nothing. Not thread-safe: one a thread, merged afterwards.
/// </summary>
public sealed class LatencyHistogram
{
    /// <summary>Largest latency kept apart from infinity: 1 h.</summary>
    public const long LargestNs = 3_600_000_000_000;

    private const int SubBucketBits = 7;
    private const int SubBuckets = 1 << SubBucketBits;

    private readonly long[] counts = new long[Index(LargestNs) + 1];

    /// <summary>Recorded latencies, infinite ones included.</summary>
    public long Count { get; private set; }

    public long InfiniteCount { get; private set; }

    /// <summary>Largest recorded latency, exact; infinite when one was, 0 when nothing was recorded.</summary>
    public double MaxNs => InfiniteCount > 0 ? double.PositiveInfinity : maxNs;

    private long maxNs;

    /// <summary>A latency below 1 ns counts as 1 ns.</summary>
    public void Record(long latencyNs)
    {
        if (latencyNs > LargestNs)
        {
            RecordInfinite();
            return;
        }

        Count++;
        counts[Index(Math.Max(1, latencyNs))]++;
        maxNs = Math.Max(maxNs, latencyNs);
    }

    /// <summary>A query that was never answered.</summary>
    public void RecordInfinite()
    {
        Count++;
        InfiniteCount++;
    }

    public void Add(LatencyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] += other.counts[i];
        }

        Count += other.Count;
        InfiniteCount += other.InfiniteCount;
        maxNs = Math.Max(maxNs, other.maxNs);
    }

    public void Clear()
    {
        Array.Clear(counts);
        Count = InfiniteCount = maxNs = 0;
    }

    /// <summary>Nearest-rank percentile, rounded up to the end of its bucket: never below the exact value, at most 0.8 % above. Null when nothing was recorded.</summary>
    /// <param name="p">0 … 1.</param>
    public double? PercentileNs(double p)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(p);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(p, 1);
        if (Count == 0)
        {
            return null;
        }

        var rank = Math.Clamp((long)Math.Ceiling(p * Count * (1 - 1e-12)), 1, Count);
        for (var i = 0; i < counts.Length; i++)
        {
            rank -= counts[i];
            if (rank <= 0)
            {
                return Math.Min(LastOf(i), maxNs);
            }
        }

        return double.PositiveInfinity;
    }

    // Below 256 a bucket is one nanosecond; above, the leading eight bits name the bucket.
    private static int Index(long ns)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)ns) - SubBucketBits);
        return (shift * SubBuckets) + (int)(ns >> shift);
    }

    private static long LastOf(int index)
    {
        var shift = Math.Max(0, (index / SubBuckets) - 1);
        return ((index - ((long)shift * SubBuckets) + 1) << shift) - 1;
    }
}
