namespace Rectune.Core.Numerics;

/// <summary>
/// Interval of a median from order statistics, whatever the distribution (David and Nagaraja, Order Statistics, section 7.1): the r-th smallest and the r-th
/// largest of n values enclose the median with probability 1 − 2·P[Binomial(n, ½) ≤ r − 1].
/// </summary>
public static class MedianInterval
{
    /// <summary>Median and the narrowest symmetric interval that reaches <paramref name="confidence"/>; null when too few values can.</summary>
    /// <param name="sorted">Independent values, ascending.</param>
    public static Interval? Of(ReadOnlySpan<double> sorted, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(confidence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        var rank = Rank(sorted.Length, confidence);
        return rank == 0 ? null : new Interval(Percentiles.Interpolated(sorted, 0.5), sorted[rank - 1], sorted[^rank]);
    }

    /// <summary>Largest r whose interval reaches <paramref name="confidence"/>; 0 when none does.</summary>
    public static int Rank(int count, double confidence)
    {
        int low = 0, high = count / 2;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (1 - (2 * BinomialTail.AtMost(middle - 1, count, 0.5)) >= confidence)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}
