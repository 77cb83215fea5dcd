using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rectune.Engine.Limits;

/// <summary>
/// How fast memory can be read in sequence: a sum over more memory than any cache holds. Reads only, unlike McCalpin's STREAM, because a look-up writes little.
/// </summary>
internal sealed unsafe class StreamBandwidth(LockstepThreads team, TimeProvider clock) : IDisposable
{
    /// <summary>Many times a last-level cache.</summary>
    public const long Bytes = 512L << 20;

    private const int BlockBytes = 4 * 64;

    private readonly OnesBuffer buffer = new(Bytes);
    private readonly long[] sums = new long[team.Threads];

    /// <summary>The best pass of as many as fit in <paramref name="limit"/>, at least two; in 10⁹ bytes a second.</summary>
    public double Measure(TimeSpan limit)
    {
        var best = 0.0;
        var begun = clock.GetTimestamp();
        for (var pass = 0; pass < 2 || clock.GetElapsedTime(begun) < limit; pass++)
        {
            var start = clock.GetTimestamp();
            team.Run(Sum);
            best = Math.Max(best, Bytes / clock.GetElapsedTime(start).TotalSeconds / 1e9);
            if (sums.Sum() != Bytes / sizeof(long))
            {
                throw new InvalidOperationException($"a pass summed {sums.Sum()} words, expected {Bytes / sizeof(long)}");
            }
        }

        return best;
    }

    public void Dispose() => buffer.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum(int member)
    {
        var blocks = Bytes / BlockBytes;
        var at = buffer.Pointer + (blocks * member / team.Threads * BlockBytes);
        var end = buffer.Pointer + (blocks * (member + 1) / team.Threads * BlockBytes);
        Vector512<long> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        for (; at < end; at += BlockBytes)
        {
            sum0 += Vector512.Load((long*)at);
            sum1 += Vector512.Load((long*)(at + 64));
            sum2 += Vector512.Load((long*)(at + 128));
            sum3 += Vector512.Load((long*)(at + 192));
        }

        sums[member] = Vector512.Sum(sum0 + sum1 + (sum2 + sum3));
    }
}
