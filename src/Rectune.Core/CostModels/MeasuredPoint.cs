namespace Rectune.Core.CostModels;

/// <summary>What was measured of a point.</summary>
/// <param name="Point">Configuration and batch.</param>
/// <param name="QuietUs">Service time of a run that nobody disturbs, microseconds.</param>
/// <param name="RelativeError">Half-width of the median's 95 % interval over the median, taken for that of any of its percentiles.</param>
public sealed record MeasuredPoint(PathPoint Point, double QuietUs, double RelativeError)
{
    /// <summary>A 95 % interval in standard deviations, of three processes: the t distribution of two degrees of freedom.</summary>
    private const double IntervalDeviations = 4.3;

    /// <summary>Standard deviation of the service time's logarithm.</summary>
    public double Deviation => RelativeError / IntervalDeviations;
}
