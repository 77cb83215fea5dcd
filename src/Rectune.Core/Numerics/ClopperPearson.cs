using MathNet.Numerics;

namespace Rectune.Core.Numerics;

/// <summary>
/// Exact one-sided bounds of a share (Clopper and Pearson, Biometrika 26, 1934) as quantiles of the beta distribution. Counts need not be whole, so that an effective
/// sample size can be used.
/// </summary>
public static class ClopperPearson
{
    /// <summary>The share below which fewer than <paramref name="error"/> of all experiments would show so many hits: quantile of Beta(hits, trials − hits + 1).</summary>
    public static double Lower(double hits, double trials, double error)
    {
        Check(hits, trials, error);
        return hits <= 0 ? 0 : BetaQuantile(hits, trials - hits + 1, error);
    }

    /// <summary>The share above which fewer than <paramref name="error"/> of all experiments would show so few hits: quantile of Beta(hits + 1, trials − hits).</summary>
    public static double Upper(double hits, double trials, double error)
    {
        Check(hits, trials, error);
        return hits >= trials ? 1 : BetaQuantile(hits + 1, trials - hits, 1 - error);
    }

    private static void Check(double hits, double trials, double error)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, trials);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(error);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(error, 1);
    }

    /// <summary>Bisection: the incomplete beta function is monotone, and 60 halvings reach the precision of a double.</summary>
    private static double BetaQuantile(double a, double b, double probability)
    {
        double low = 0, high = 1;
        for (var i = 0; i < 60 && high - low > 1e-14 * high; i++)
        {
            var middle = 0.5 * (low + high);
            if (SpecialFunctions.BetaRegularized(a, b, middle) < probability)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return 0.5 * (low + high);
    }
}
