using MathNet.Numerics;

namespace Rectune.Core.Numerics;

/// <summary>Tail probabilities of the binomial distribution and the number of trials that a claim about a share takes.</summary>
public static class BinomialTail
{
    /// <summary>
    /// P[X ≤ k] for X ~ Binomial(n, share), by the regularised incomplete beta function: 1 − I_share(k + 1, n − k) (Abramowitz and Stegun 26.5.24).
    /// </summary>
    public static double AtMost(long k, long n, double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        return k < 0 ? 0
            : k >= n || share <= 0 ? 1
            : share >= 1 ? 0
            : SpecialFunctions.BetaRegularized(n - k, k + 1, 1 - share);
    }

    /// <summary>P[X ≥ k] for X ~ Binomial(n, share).</summary>
    public static double AtLeast(long k, long n, double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        return k <= 0 ? 1
            : k > n || share <= 0 ? 0
            : share >= 1 ? 1
            : SpecialFunctions.BetaRegularized(k, n - k + 1, share);
    }

    /// <summary>
    /// Fewest independent trials with which <paramref name="failures"/> failures show, at <paramref name="confidence"/>, that the share of failures is at most
    /// <paramref name="allowedShare"/>: the least n with P[Binomial(n, allowedShare) ≤ failures] ≤ 1 − confidence (MLPerf Inference rules, early stopping).
    /// </summary>
    public static long TrialsToClaim(long failures, double allowedShare, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(failures);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(allowedShare);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(allowedShare, 1);
        var low = failures;
        var high = Math.Max(1, failures) * 2;
        while (AtMost(failures, high, allowedShare) > 1 - confidence)
        {
            low = high;
            high *= 2;
        }

        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (AtMost(failures, middle, allowedShare) > 1 - confidence)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return high;
    }
}
