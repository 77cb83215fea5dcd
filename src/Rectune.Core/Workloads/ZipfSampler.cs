using Rectune.Core.Numerics;

namespace Rectune.Core.Workloads;

/// <summary>
/// Draws ranks 1 … N with P(r) ∝ r^−α exactly, in constant time and memory, by rejection-inversion: W. Hörmann, G. Derflinger, "Rejection-inversion to
/// generate variates from monotone discrete distributions", ACM TOMACS 6(3), 1996. Immutable; the generator is the caller's.
/// </summary>
/// <remarks>
/// With h(x) = x^−α and H its integral, H(x) = (x^(1−α) − 1) / (1 − α), or ln x at α = 1: a uniform point u between H(1½) − h(1) and H(N + ½) is inverted
/// to x = H⁻¹(u) and rounded to r; r stands when u ≥ H(r + ½) − h(r), which makes each rank's share of the u-axis exactly h(r).
/// </remarks>
public sealed class ZipfSampler
{
    private readonly long ranks;
    private readonly double alpha;
    private readonly double lowest;
    private readonly double highest;
    private readonly double alwaysAccepted;

    /// <param name="ranks">N, from 1 to 10⁸ and beyond.</param>
    /// <param name="alpha">Exponent α ≥ 0; 0 is uniform.</param>
    public ZipfSampler(long ranks, double alpha)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ranks);
        if (!double.IsFinite(alpha) || alpha < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "expected a finite exponent of at least 0");
        }

        this.ranks = ranks;
        this.alpha = alpha;
        lowest = Integral(1.5) - 1;
        highest = Integral(ranks + 0.5);
        alwaysAccepted = 2 - Inverse(Integral(2.5) - Weight(2));
    }

    /// <summary>A rank from 1, the most popular, to N.</summary>
    public long Next(ref SplitMix64 generator)
    {
        while (true)
        {
            var u = highest + (generator.NextDouble() * (lowest - highest));
            var x = Inverse(u);
            var rank = Math.Clamp((long)(x + 0.5), 1, ranks);
            // The first test spares most draws the second one's powers (section 3 of the paper).
            if (rank - x <= alwaysAccepted || u >= Integral(rank + 0.5) - Weight(rank))
            {
                return rank;
            }
        }
    }

    private double Weight(double x) => Math.Exp(-alpha * Math.Log(x));

    private double Integral(double x) => PowerLaw.Integral(alpha, x);

    /// <summary>(1 + (1 − α) y)^(1 / (1 − α)), computed as exp(y · ln(1 + t) / t) with t = (1 − α) y: smooth through α = 1.</summary>
    private double Inverse(double y)
    {
        // Rounding can push t a hair below the pole at −1.
        var t = Math.Max((1 - alpha) * y, -1);
        return Math.Exp(y * (Math.Abs(t) > PowerLaw.SmallArgument ? LogOnePlus(t) / t : 1 - (t * (0.5 - (t / 3)))));
    }

    /// <summary>ln(1 + t) without cancellation, by Kahan's correction of ln(fl(1 + t)).</summary>
    private static double LogOnePlus(double t)
    {
        var sum = 1 + t;
        return sum - 1 == 0 ? t : Math.Log(sum) * (t / (sum - 1));
    }
}
