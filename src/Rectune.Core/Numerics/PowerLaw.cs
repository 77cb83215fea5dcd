namespace Rectune.Core.Numerics;

/// <summary>Integrals and sums of x^−α for α ≥ 0, smooth through α = 1.</summary>
public static class PowerLaw
{
    /// <summary>Below it quotients such as (e^t − 1) / t are taken from their series, whose next term is under 10⁻¹⁶.</summary>
    internal const double SmallArgument = 1e-5;

    /// <summary>Terms that are summed one by one. Behind them, what Euler–Maclaurin leaves out is under 10⁻¹³ of the sum.</summary>
    private const int SummedTerms = 64;

    /// <summary>∫₁ˣ t^−α dt = (x^(1−α) − 1) / (1 − α), computed as ln x · (e^t − 1) / t with t = (1 − α) ln x.</summary>
    public static double Integral(double alpha, double x)
    {
        var log = Math.Log(x);
        var t = (1 - alpha) * log;
        return log * (Math.Abs(t) > SmallArgument ? ExpMinusOne(t) / t : 1 + (t / 2 * (1 + (t / 3))));
    }

    /// <summary>
    /// Σ i^−α over i = 1 … n in constant time: 64 terms, and behind them the Euler–Maclaurin formula up to the third derivative (NIST Digital Library of Mathematical Functions, 2.10.1).
    /// </summary>
    public static double Sum(double alpha, long n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        var sum = 0.0;
        for (var i = Math.Min(n, SummedTerms); i >= 1; i--)
        {
            sum += Math.Pow(i, -alpha);
        }

        if (n <= SummedTerms)
        {
            return sum;
        }

        const double a = SummedTerms;
        return sum
            + Integral(alpha, n) - Integral(alpha, a)
            + ((Math.Pow(n, -alpha) - Math.Pow(a, -alpha)) / 2)
            - (alpha * (Math.Pow(n, -alpha - 1) - Math.Pow(a, -alpha - 1)) / 12)
            + (alpha * (alpha + 1) * (alpha + 2) * (Math.Pow(n, -alpha - 3) - Math.Pow(a, -alpha - 3)) / 720);
    }

    private static double ExpMinusOne(double t)
    {
        var half = Math.Tanh(t / 2);
        return Math.Abs(t) < 1 ? 2 * half / (1 - half) : Math.Exp(t) - 1;
    }
}
