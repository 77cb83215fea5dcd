namespace Rectune.Core.Numerics;

/// <summary>
/// Interval of a percentile from order statistics, whatever the distribution (David and Nagaraja, Order Statistics, section 7.1): of n values, the l-th smallest lies above
/// the percentile p with probability P[Binomial(n, p) ≤ l − 1], the u-th smallest below it with probability 1 − P[Binomial(n, p) ≤ u − 1].
/// </summary>
public static class PercentileInterval
{
    /// <summary>Percentile and the narrowest interval that misses it on either side in at most half of the cases that <paramref name="confidence"/> leaves; null when too few values can.</summary>
    /// <param name="sorted">Independent values, ascending.</param>
    /// <param name="p">Above 0, below 1.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static Interval? Of(ReadOnlySpan<double> sorted, double p, double confidence) =>
        Ranks(sorted.Length, p, confidence) is { } ranks ? new Interval(Percentiles.Interpolated(sorted, p), sorted[ranks.Low - 1], sorted[ranks.High - 1]) : null;

    /// <summary>Larger half of the interval over the percentile; 1, all of it, when too few values give an interval.</summary>
    /// <param name="sorted">Independent values above 0, ascending.</param>
    /// <param name="p">Above 0, below 1.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static double RelativeError(ReadOnlySpan<double> sorted, double p, double confidence) =>
        Of(sorted, p, confidence) is { } interval ? Math.Min(1, Math.Max(interval.High - interval.Value, interval.Value - interval.Low) / interval.Value) : 1;

    /// <summary>Largest l and smallest u, from 1; null when none reach <paramref name="confidence"/>.</summary>
    public static (int Low, int High)? Ranks(int count, double p, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(p);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(p, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(confidence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        var missed = (1 - confidence) / 2;

        // The value of rank r + 1 lies above the percentile where at most r lie below it.
        var low = First(count, r => BinomialTail.AtMost(r, count, p) > missed);
        var high = First(count, r => BinomialTail.AtMost(r, count, p) >= 1 - missed) + 1;
        return low >= 1 && high <= count ? (low, high) : null;
    }

    /// <summary>Least r from 0 that <paramref name="holds"/>, which goes on holding; <paramref name="count"/> when none below does.</summary>
    private static int First(int count, Func<int, bool> holds)
    {
        int low = 0, high = count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = holds(middle) ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
