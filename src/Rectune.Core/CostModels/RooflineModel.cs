using Rectune.Core.Numerics;

namespace Rectune.Core.CostModels;

/// <summary>
/// Service time as a sum of what each resource takes at the machine's limits, each times a factor of at least 0, found by least squares over relative errors. More work never takes less time.
/// </summary>
public sealed class RooflineModel : IPathModel
{
    private readonly double[] factors;
    private readonly double logDeviation;

    public RooflineModel(IReadOnlyList<MeasuredPoint> measured)
    {
        ArgumentNullException.ThrowIfNull(measured);
        factors = NonNegativeLeastSquares.Solve(
            [.. measured.Select(m => m.Point.Terms.ToArray())], [.. measured.Select(m => m.QuietUs)], [.. measured.Select(m => 1 / (m.QuietUs * m.QuietUs))]);
        logDeviation = Math.Sqrt(measured.Average(m => Math.Pow(Math.Log(m.QuietUs / QuietUs(m.Point)), 2)));
    }

    /// <summary>How many times a term's time at the limit it takes.</summary>
    public IReadOnlyList<double> Factors => factors;

    public double QuietUs(PathPoint point)
    {
        ArgumentNullException.ThrowIfNull(point);
        var sum = 0.0;
        for (var i = 0; i < factors.Length; i++)
        {
            sum += factors[i] * point.Terms[i];
        }

        return sum;
    }

    public double LogDeviation(PathPoint point) => logDeviation;

    public Interval Predict(PathPoint point, double confidence)
    {
        var quiet = QuietUs(point);
        var width = Math.Exp(MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, 0.5 + (confidence / 2)) * logDeviation);
        return new Interval(quiet, quiet / width, quiet * width);
    }
}
