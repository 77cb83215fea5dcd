using Rectune.Core.Numerics;

namespace Rectune.Benchmarks.Serving;

/// <summary>How much a quantity grows.</summary>
internal static class Trend
{
    /// <summary>Slope of the least-squares line through equally distant values, for each step, with its two-sided 95 % interval: b ± t(n − 2) · √(Σ residual² / (n − 2) / Σ (x − x̄)²).</summary>
    public static Interval Slope(IReadOnlyList<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Count, 3);
        var (n, meanX, meanY) = (values.Count, (values.Count - 1) / 2.0, values.Average());
        var xs = Enumerable.Range(0, n).Select(x => x - meanX).ToArray();
        var squares = xs.Sum(x => x * x);
        var slope = xs.Zip(values, (x, y) => x * (y - meanY)).Sum() / squares;
        var residuals = xs.Zip(values, (x, y) => y - meanY - (slope * x)).Sum(residual => residual * residual);
        var half = StudentT.Quantile(0.975, n - 2) * Math.Sqrt(residuals / (n - 2) / squares);
        return new Interval(slope, slope - half, slope + half);
    }
}
