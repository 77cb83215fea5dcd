namespace Rectune.Core.Numerics;

/// <summary>
/// Decides "at most the share a of queries is over the limit" from latencies in order of arrival, under the correlation that queueing brings, however often one looks.
/// </summary>
/// <remarks>
/// <para>
/// Bounds of the share are the worse of two. (1) Mean ± t·s/√k over k contiguous batches of the over-limit indicator (<see cref="BatchMeans"/>). It fails where violations
/// are rare, since no violation means no variance. (2) Clopper–Pearson at the effective size n/d with hits/d, where the design effect d is the variance of the share over
/// that of independent queries (Kish, Survey Sampling, section 8.2), from <see cref="DesignEffect"/>. d is the largest over the limit itself and over lower thresholds,
/// exceeded by a, 2a, 5a and 10a of the queries: bursts show there long before they reach the limit.
/// </para>
/// <para>
/// The batches are at least 150 queries long where there are enough for 20 such, and at most 40 in number. Batches too short for the correlation have
/// correlated means, which hide variance: s² is multiplied by 1 + 2r where their lag-one correlation r is positive.
/// Look k may err with α·6/(π²k²); the errors of all looks sum to α (union bound), so peeking costs evidence, not honesty.
/// </para>
/// </remarks>
public sealed class PromiseTest
{
    /// <summary>Twenty batches of twenty queries: fewer say nothing of correlation.</summary>
    public const int MinimumQueries = 400;

    private const long UnreachableQueries = 1_000_000_000;
    private static readonly double[] PoolMultiples = [1, 2, 5, 10];

    private readonly double allowedShare;
    private readonly double totalError;

    /// <param name="allowedShare">Share that may be over the limit: 0.01 for p99; below ½ or equal to it.</param>
    /// <param name="confidence">One minus the chance that any look ever says <see cref="PromiseOutcome.Met"/> wrongly; likewise for Missed.</param>
    public PromiseTest(double allowedShare, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(allowedShare);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(allowedShare, 0.5 + 1e-9);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(confidence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        this.allowedShare = allowedShare;
        totalError = 1 - confidence;
    }

    /// <summary>Error that look number <paramref name="look"/>, counted from 1, may spend on each side.</summary>
    public double ErrorOf(int look)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(look);
        return totalError * 6 / (Math.PI * Math.PI * look * look);
    }

    /// <param name="latencies">In order of arrival, warm-up removed; infinite for a refused or failed query.</param>
    /// <param name="limit">In the unit of the latencies; a latency equal to it is within.</param>
    /// <param name="look">1 for the first judgement of a growing sequence, 2 for the next, and so on.</param>
    public PromiseJudgement Judge(ReadOnlySpan<double> latencies, double limit, int look = 1)
    {
        var error = ErrorOf(look);
        if (latencies.Length < MinimumQueries)
        {
            return TooFew(latencies, limit, error, look);
        }

        var sorted = latencies.ToArray();
        Array.Sort(sorted);
        var batches = Batches(latencies.Length);
        var pooled = PooledEffect(latencies, sorted, PoolMultiples[0]);
        foreach (var multiple in PoolMultiples.AsSpan(1))
        {
            pooled = Math.Max(pooled, PooledEffect(latencies, sorted, multiple));
        }

        var atLimit = Exceedances.Over(latencies, limit, batches);
        var low = atLimit.LowerBound(error, pooled);
        var high = atLimit.UpperBound(error, pooled);
        var outcome = high <= allowedShare ? PromiseOutcome.Met : low > allowedShare ? PromiseOutcome.Missed : PromiseOutcome.Inconclusive;
        return new PromiseJudgement
        {
            Outcome = outcome,
            Queries = latencies.Length,
            OverLimitShare = new Interval(atLimit.Share, low, high),
            Percentile = PercentileInterval(latencies, sorted, batches, error, pooled, limit, outcome),
            DesignEffect = Math.Max(pooled, atLimit.DesignEffect),
            Error = error,
            QueriesNeeded = outcome == PromiseOutcome.Inconclusive ? Needed(atLimit, pooled, ErrorOf(look + 1)) : null,
        };
    }

    /// <summary>Whether <see cref="Judge"/> says <see cref="PromiseOutcome.Met"/>, without the bounds and intervals that it gives besides.</summary>
    public bool Certifies(ReadOnlySpan<double> latencies, double limit, int look = 1)
    {
        var error = ErrorOf(look);
        if (latencies.Length < MinimumQueries)
        {
            return false;
        }

        var atLimit = Exceedances.Over(latencies, limit, Batches(latencies.Length));
        if (atLimit.UpperBound(error, pooledDesignEffect: 1) > allowedShare)
        {
            return false;
        }

        // The bound grows with the design effect: one that is too large settles it.
        var sorted = latencies.ToArray();
        Array.Sort(sorted);
        foreach (var multiple in PoolMultiples)
        {
            if (atLimit.UpperBound(error, PooledEffect(latencies, sorted, multiple)) > allowedShare)
            {
                return false;
            }
        }

        return true;
    }

    private static int Batches(int queries) => Math.Clamp(queries / 150, 20, 40);

    /// <summary>Design effect at the threshold that is exceeded by a multiple of the allowed share.</summary>
    private double PooledEffect(ReadOnlySpan<double> latencies, double[] sorted, double multiple)
    {
        var share = allowedShare * multiple;
        return share <= 0.5 ? DesignEffect.Of(latencies, sorted[(int)((1 - share) * (sorted.Length - 1))]) : 1;
    }

    /// <summary>Inverts the test: the thresholds for which it would decide neither way enclose the percentile.</summary>
    private Interval? PercentileInterval(
        ReadOnlySpan<double> latencies, double[] sorted, int batches, double error, double pooled, double limit, PromiseOutcome outcome)
    {
        var count = sorted.Length;
        if (count < Percentiles.MinimumSamples(1 - allowedShare))
        {
            return null;
        }

        // Index of the smallest latency that would be certified as a limit; count when none would.
        int low = (int)((1 - allowedShare) * count) - 1, high = count;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            var certified = Exceedances.Over(latencies, sorted[middle], batches).UpperBound(error, pooled) <= allowedShare;
            (low, high) = certified ? (low, middle) : (middle, high);
        }

        var upper = high == count ? double.PositiveInfinity : sorted[high];

        // Index of the largest latency that would be refuted as a limit; −1 when none would.
        low = -1;
        high = Math.Min(count - 1, (int)((1 - allowedShare) * count) + 1);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            var refuted = Exceedances.Over(latencies, sorted[middle], batches).LowerBound(error, pooled) > allowedShare;
            (low, high) = refuted ? (middle, high) : (low, middle);
        }

        var lower = low < 0 ? 0 : sorted[low];

        // The limit lies between two latencies: what was decided for it holds for the interval.
        upper = outcome == PromiseOutcome.Met ? Math.Min(upper, limit) : Math.Max(upper, limit);
        lower = outcome == PromiseOutcome.Missed ? Math.Max(lower, limit) : Math.Min(lower, limit);
        var value = Percentiles.NearestRank(sorted, 1 - allowedShare);
        return new Interval(value, Math.Min(lower, value), Math.Max(upper, value));
    }

    private PromiseJudgement TooFew(ReadOnlySpan<double> latencies, double limit, double error, int look)
    {
        var over = 0;
        foreach (var latency in latencies)
        {
            over += latency > limit ? 1 : 0;
        }

        var floor = Math.Max(MinimumQueries, BinomialTail.TrialsToClaim(over, allowedShare, 1 - ErrorOf(look + 1)));
        return new PromiseJudgement
        {
            Outcome = PromiseOutcome.Inconclusive,
            Queries = latencies.Length,
            OverLimitShare = new Interval(latencies.IsEmpty ? 0 : (double)over / latencies.Length, 0, 1),
            Percentile = null,
            DesignEffect = 1,
            Error = error,
            QueriesNeeded = floor - latencies.Length,
        };
    }

    private long? Needed(Exceedances seen, double pooled, double error)
    {
        double low = 1, high = 2;
        while (!Decides(high))
        {
            (low, high) = (high, high * 2);
            if (seen.Count * high > UnreachableQueries)
            {
                return null;
            }
        }

        for (var i = 0; i < 20; i++)
        {
            var middle = 0.5 * (low + high);
            (low, high) = Decides(middle) ? (low, middle) : (middle, high);
        }

        return Math.Max(1, (long)Math.Ceiling(seen.Count * (high - 1)));

        bool Decides(double growth) => seen.Share <= allowedShare
            ? seen.UpperBound(error, pooled, growth) <= allowedShare
            : seen.LowerBound(error, pooled, growth) > allowedShare;
    }
}
