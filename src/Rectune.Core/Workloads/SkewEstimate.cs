using Rectune.Core.Domain;

namespace Rectune.Core.Workloads;

/// <summary>How uneven observed id counts are, over all features together.</summary>
/// <remarks>
/// The exponent is the maximum-likelihood α of P(r) ∝ r^−α on ranks 1 … R of each feature, one α for all, features weighted by their lookups. R ends where
/// counts fall under <see cref="CountFloor"/>: among rarer ids the observed order says more about chance than about popularity, and a feature's many
/// ids that were never seen have no rank at all. At the maximum, the observed Σ count · ln r equals Σ over features of lookups · E_α[ln r | r ≤ R]; the
/// right side falls as α grows, so bisection finds it.
/// </remarks>
public sealed record SkewEstimate
{
    /// <summary>A count this large is known to a quarter (one standard deviation), so that ranks of ids kept are nearly right.</summary>
    public const int CountFloor = 16;

    /// <summary>Steeper than any log: an estimate here means that one id takes nearly everything.</summary>
    private const double SteepestExponent = 10;

    /// <summary>Fitted α; null when no feature has two ids that are frequent enough.</summary>
    public double? ZipfExponent { get; init; }

    /// <summary>Distinct ids over lookups.</summary>
    public required double DistinctShare { get; init; }

    /// <summary>Share of lookups that go to the most used 1 % of the distinct ids.</summary>
    public required double HottestPercentShare { get; init; }

    /// <summary>The skew of a workload whose ids these are.</summary>
    /// <param name="kind">What was counted.</param>
    /// <param name="dataSha256">Of the file that was counted.</param>
    /// <param name="dataRows">Its rows.</param>
    public IndexSkew Measured(SkewKind kind, string? dataSha256, long dataRows) => new()
    {
        Kind = kind,
        Source = Provenance.Measured,
        ZipfExponent = ZipfExponent,
        DistinctShare = DistinctShare,
        HottestPercentShare = HottestPercentShare,
        DataSha256 = dataSha256,
        DataRows = dataRows,
    };

    /// <param name="countsPerFeature">For each feature how often each id was looked up, in any order; zeros are ids that were not.</param>
    public static SkewEstimate FromCounts(IReadOnlyList<int[]> countsPerFeature)
    {
        ArgumentNullException.ThrowIfNull(countsPerFeature);
        var descending = countsPerFeature.Select(Descending).ToArray();
        var all = descending.SelectMany(counts => counts).ToArray();
        var lookups = all.Sum(count => (long)count);
        if (lookups == 0)
        {
            throw new ArgumentException("expected at least one lookup", nameof(countsPerFeature));
        }

        Array.Sort(all);
        var hottest = all.AsSpan(all.Length - ((all.Length + 99) / 100));
        long hottestLookups = 0;
        foreach (var count in hottest)
        {
            hottestLookups += count;
        }

        return new SkewEstimate
        {
            ZipfExponent = FitExponent(descending),
            DistinctShare = (double)all.Length / lookups,
            HottestPercentShare = (double)hottestLookups / lookups,
        };
    }

    private static int[] Descending(int[] counts)
    {
        var seen = Array.FindAll(counts, count => count > 0);
        Array.Sort(seen);
        Array.Reverse(seen);
        return seen;
    }

    private static double? FitExponent(int[][] descending)
    {
        // One head a feature: R and the lookups within it. Sorted by R, so that one running sum over ranks serves all.
        var heads = new List<(int Ranks, long Lookups)>();
        double observed = 0;
        foreach (var counts in descending)
        {
            var ranks = 0;
            long lookups = 0;
            double logs = 0;
            for (; ranks < counts.Length && counts[ranks] >= CountFloor; ranks++)
            {
                lookups += counts[ranks];
                logs += counts[ranks] * Math.Log(ranks + 1);
            }

            if (ranks > 1)
            {
                heads.Add((ranks, lookups));
                observed += logs;
            }
        }

        if (heads.Count == 0)
        {
            return null;
        }

        heads.Sort();
        double low = 0, high = SteepestExponent;
        // 40 halvings of 10 leave an error of 10⁻¹¹.
        for (var step = 0; step < 40; step++)
        {
            var middle = (low + high) / 2;
            (low, high) = Expected(heads, middle) > observed ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    /// <summary>Σ over heads of lookups · E_α[ln r | r ≤ R].</summary>
    private static double Expected(List<(int Ranks, long Lookups)> heads, double alpha)
    {
        double expected = 0, weights = 0, weightedLogs = 0;
        var rank = 0;
        foreach (var (ranks, lookups) in heads)
        {
            for (; rank < ranks; rank++)
            {
                var log = Math.Log(rank + 1);
                var weight = Math.Exp(-alpha * log);
                weights += weight;
                weightedLogs += weight * log;
            }

            expected += lookups * weightedLogs / weights;
        }

        return expected;
    }
}
