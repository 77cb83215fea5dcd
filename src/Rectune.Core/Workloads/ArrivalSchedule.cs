using Rectune.Core.Numerics;
using Rectune.Core.Units;

namespace Rectune.Core.Workloads;

/// <summary>
/// When each query arrives and how large it is, drawn in advance, so that a slow system under load cannot slow its own load down. Gaps and sizes come
/// from separate streams of the seed: at another rate the same queries arrive, closer together or further apart.
/// </summary>
public sealed class ArrivalSchedule
{
    private const ulong GapStream = 1;
    private const ulong SizeStream = 2;

    private ArrivalSchedule(long[] instantsNs, int[] sizes)
    {
        InstantsNs = instantsNs;
        Sizes = sizes;
    }

    /// <summary><c>[queries]</c>: nanoseconds from the start of the load, never falling.</summary>
    public long[] InstantsNs { get; }

    /// <summary><c>[queries]</c>: samples of each query.</summary>
    public int[] Sizes { get; }

    public int Count => Sizes.Length;

    /// <summary>The first <paramref name="count"/> queries at <paramref name="qps"/> queries a second.</summary>
    public static ArrivalSchedule Create(IArrivals arrivals, IQuerySizes sizes, double qps, int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Draw(arrivals, sizes, qps, count, double.PositiveInfinity, cycleScale: 1, seed);
    }

    /// <summary>All queries that arrive within <paramref name="duration"/> at <paramref name="qps"/> queries a second.</summary>
    /// <param name="cycleScale">What <see cref="ArrivalCycles.Scale"/> says of the whole load that this is a part of.</param>
    public static ArrivalSchedule Create(IArrivals arrivals, IQuerySizes sizes, double qps, Duration duration, ulong seed, double cycleScale = 1) =>
        Draw(arrivals, sizes, qps, int.MaxValue, duration.Nanoseconds, cycleScale, seed);

    private static ArrivalSchedule Draw(IArrivals arrivals, IQuerySizes sizes, double qps, int count, double endNs, double cycleScale, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(arrivals);
        ArgumentNullException.ThrowIfNull(sizes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(qps);
        if (!double.IsFinite(qps))
        {
            throw new ArgumentOutOfRangeException(nameof(qps), qps, "expected a finite rate");
        }

        var course = arrivals.Begin(SplitMix64.For(seed, GapStream));
        var draws = SplitMix64.For(seed, SizeStream);
        var gapNs = 1e9 / qps;
        var expected = Math.Min(count, (endNs / gapNs * 1.1) + 64);
        var instants = new List<long>((int)expected);
        var drawn = new List<int>((int)expected);
        while (instants.Count < count)
        {
            // In even time up to here, so that no rounding of gaps to nanoseconds piles up.
            var evenNs = course.Next() * gapNs;
            var atNs = course.Rates is { } rates ? 1e9 * rates.RealSeconds(evenNs / 1e9, cycleScale) : evenNs;
            if (atNs >= endNs)
            {
                break;
            }

            instants.Add((long)atNs);
            drawn.Add(sizes.Next(ref draws));
        }

        return new ArrivalSchedule([.. instants], [.. drawn]);
    }
}
