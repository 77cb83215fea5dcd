using Rectune.Core.Numerics;

namespace Rectune.Core.CostModels;

/// <summary>How a family of models predicts configurations that it did not see.</summary>
/// <param name="Family">Its name.</param>
/// <param name="MedianError">Median of the absolute relative errors.</param>
/// <param name="P95Error">Their 95th percentile.</param>
/// <param name="Covered">Share of medians inside their interval.</param>
public sealed record HeldOutError(string Family, double MedianError, double P95Error, double Covered)
{
    /// <param name="outcomes">At least one: what was predicted, and what was then measured, microseconds.</param>
    public static HeldOutError Of(string family, IReadOnlyList<(Interval PredictedUs, double MeasuredUs)> outcomes)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        double[] errors = [.. outcomes.Select(outcome => Math.Abs((outcome.PredictedUs.Value / outcome.MeasuredUs) - 1)).Order()];
        return new HeldOutError(
            family,
            Percentiles.Interpolated(errors, 0.5),
            Percentiles.Interpolated(errors, 0.95),
            outcomes.Average(outcome => outcome.PredictedUs.Low <= outcome.MeasuredUs && outcome.MeasuredUs <= outcome.PredictedUs.High ? 1.0 : 0.0));
    }
}
