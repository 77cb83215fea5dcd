namespace Rectune.Core.CostModels;

/// <summary>
/// How alike the deviations of two points are. Every knob multiplies the likeness by 1 where two points share its value and by less where they do not, which holds all main effects
/// and interactions at once (the analysis-of-variance kernel of Durrande, Ginsbourger and Roustant, Journal of Multivariate Analysis 115, 2013, with categorical factors); of the deviation a part is the same at
/// every batch and a part changes smoothly with its logarithm.
/// </summary>
/// <param name="Deviation">Standard deviation of the logarithm.</param>
/// <param name="BatchShare">Part of the variance that changes with the batch, 0 to 1.</param>
/// <param name="BatchLength">Doublings of the batch over which it changes.</param>
/// <param name="Noise">Standard deviation of what no knob explains, beside each measurement's own.</param>
/// <param name="KnobShares"><c>[knobs]</c>: what a different value takes from the likeness, 0 to 1.</param>
internal sealed record KnobKernel(double Deviation, double BatchShare, double BatchLength, double Noise, IReadOnlyList<double> KnobShares)
{
    public double Variance => Deviation * Deviation;

    public double Covariance(PathPoint left, PathPoint right) => Covariance(PointDifference.Between(left, right));

    public double Covariance(PointDifference difference)
    {
        var lengths = difference.Doublings / BatchLength;
        var value = Variance * (1 - BatchShare + (BatchShare * Math.Exp(-0.5 * lengths * lengths)));
        for (var knobs = difference.Knobs; knobs != 0; knobs &= knobs - 1)
        {
            value *= 1 - KnobShares[System.Numerics.BitOperations.TrailingZeroCount(knobs)];
        }

        return value;
    }
}
