namespace Rectune.Core.Workloads;

/// <summary>
/// The best contents of a cache that nothing enters or leaves, where ids are used independently of each other: the share of lookups it answers is the sum of the shares of what it
/// holds, so ids go in by how much they answer for each byte. Nothing that is replaced on use does better (Coffman, Denning, Operating Systems Theory, 1973, chapter 6).
/// </summary>
public static class CacheAllocation
{
    /// <summary>Bisections of the logarithm of a density: as fine as a double.</summary>
    private const int Halvings = 128;

    /// <summary>Most popular ids to keep of each table. Less is left over than the largest entry takes, unless everything is kept.</summary>
    public static long[] Split(IReadOnlyList<CacheDemand> demands, long bytes)
    {
        ArgumentNullException.ThrowIfNull(demands);
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        CacheDemand[] wanted = [.. demands.Where(demand => demand.Lookups > 0 && demand.Law.Ranks > 0)];
        if (wanted.Length == 0 || bytes == 0)
        {
            return new long[demands.Count];
        }

        // Everything is worth more than the lowest density, nothing more than the highest.
        var low = Math.Log(wanted.Min(demand => demand.Density(demand.Law.Ranks))) - 1;
        var high = Math.Log(wanted.Max(demand => demand.Density(1))) + 1;
        if (!double.IsFinite(low))
        {
            low = high - (2 * Halvings);
        }

        var kept = new long[demands.Count];
        var most = Ranks(demands, low);
        if (Bytes(demands, most) <= bytes)
        {
            return most;
        }

        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            var ranks = Ranks(demands, middle);
            if (Bytes(demands, ranks) <= bytes)
            {
                (high, kept) = (middle, ranks);
            }
            else
            {
                (low, most) = (middle, ranks);
            }
        }

        // What lies between the two is all worth the same: any of it will do.
        var left = bytes - Bytes(demands, kept);
        for (var i = 0; i < kept.Length; i++)
        {
            var more = Math.Min(most[i] - kept[i], left / demands[i].EntryBytes);
            kept[i] += more;
            left -= more * demands[i].EntryBytes;
        }

        return kept;
    }

    /// <summary>Part of all lookups that are answered where so many of the most popular ids of each table are kept, 0 to 1.</summary>
    public static double HitRate(IReadOnlyList<CacheDemand> demands, IReadOnlyList<long> entries)
    {
        ArgumentNullException.ThrowIfNull(demands);
        ArgumentNullException.ThrowIfNull(entries);
        var lookups = demands.Sum(demand => demand.Lookups);
        return lookups > 0 ? Math.Min(1, demands.Zip(entries, (demand, count) => demand.Lookups * demand.Law.ShareOfFirst(count)).Sum() / lookups) : 0;
    }

    private static long[] Ranks(IReadOnlyList<CacheDemand> demands, double logDensity) => [.. demands.Select(demand => demand.RanksWith(Math.Exp(logDensity)))];

    private static long Bytes(IReadOnlyList<CacheDemand> demands, long[] entries) => demands.Zip(entries, (demand, count) => demand.EntryBytes * count).Sum();
}
