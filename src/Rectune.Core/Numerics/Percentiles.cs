namespace Rectune.Core.Numerics;

/// <summary>Order statistics of values in ascending order; infinite values are allowed at the upper end.</summary>
public static class Percentiles
{
    /// <summary>Smallest value that at least the share <paramref name="p"/> of all values does not exceed: element ⌈p·n⌉, counted from 1.</summary>
    /// <param name="sorted">Ascending, not empty.</param>
    /// <param name="p">0 … 1.</param>
    public static double NearestRank(ReadOnlySpan<double> sorted, double p)
    {
        Check(sorted, p);
        return sorted[Rank(sorted.Length, p) - 1];
    }

    /// <summary>Linear between neighbours at position p·(n − 1): definition 7 of Hyndman and Fan, The American Statistician 50(4), 1996.</summary>
    /// <param name="sorted">Ascending, not empty.</param>
    /// <param name="p">0 … 1.</param>
    public static double Interpolated(ReadOnlySpan<double> sorted, double p)
    {
        Check(sorted, p);
        var position = p * (sorted.Length - 1);
        var below = (int)position;
        var share = position - below;
        return share == 0 ? sorted[below] : ((1 - share) * sorted[below]) + (share * sorted[below + 1]);
    }

    /// <summary>
    /// Fewest values with which the percentile <paramref name="p"/> is not simply the largest value: ⌈1 / (1 − p)⌉. A floor for printing, far from enough for a claim.
    /// </summary>
    public static int MinimumSamples(double p)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(p);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(p, 1);
        return (int)Math.Ceiling((1 / (1 - p)) * (1 - Slack));
    }

    // 0.99 has no exact double, and 0.99 · 100 must not round up to rank 100.
    private const double Slack = 1e-12;

    private static int Rank(int count, double p) => Math.Clamp((int)Math.Ceiling(p * count * (1 - Slack)), 1, count);

    private static void Check(ReadOnlySpan<double> sorted, double p)
    {
        if (sorted.IsEmpty)
        {
            throw new ArgumentException("no values", nameof(sorted));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(p);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(p, 1);
    }
}
