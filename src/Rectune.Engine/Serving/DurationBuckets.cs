using Rectune.Core.Domain;

namespace Rectune.Engine.Serving;

/// <summary>Counts of durations in fixed buckets. Recording is lock-free and allocates nothing; a reading may miss records made meanwhile.</summary>
public sealed class DurationBuckets
{
    private static readonly double[] Bounds =
    [
        100e-6, 250e-6, 500e-6, 1e-3, 2e-3, 3e-3, 5e-3, 7.5e-3, 10e-3, 15e-3, 20e-3, 30e-3, 50e-3, 75e-3, 100e-3, 150e-3, 200e-3, 300e-3, 500e-3,
        1, 2.5, 5, 10,
    ];

    private readonly long[] counts = new long[Bounds.Length + 1];

    private long sumNanoseconds;

    /// <summary>Inclusive upper bounds in seconds, rising; a last bucket without bound follows.</summary>
    public static ReadOnlySpan<double> BoundsSeconds => Bounds;

    public double SumSeconds => Interlocked.Read(ref sumNanoseconds) / 1e9;

    public void Record(TimeSpan duration)
    {
        var seconds = duration.TotalSeconds;
        var bucket = 0;
        while (bucket < Bounds.Length && seconds > Bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref counts[bucket]);
        Interlocked.Add(ref sumNanoseconds, duration.Ticks * (long)TimeSpan.NanosecondsPerTick);
    }

    /// <summary>Upper bound of a bucket, seconds; infinite for the last.</summary>
    public static double UpperSeconds(int bucket) => bucket < Bounds.Length ? Bounds[bucket] : double.PositiveInfinity;

    /// <summary>All buckets, each alone.</summary>
    public DurationCounts Counts()
    {
        var all = new long[counts.Length];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = Interlocked.Read(ref counts[i]);
        }

        return new DurationCounts(all, SumSeconds);
    }
}
