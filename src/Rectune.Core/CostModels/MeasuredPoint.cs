namespace Rectune.Core.CostModels;

/// <summary>What was measured of a point.</summary>
/// <param name="Point">Configuration and batch.</param>
/// <param name="MedianUs">Median service time, microseconds.</param>
/// <param name="RelativeError">Half-width of the median's 95 % interval over the median.</param>
public sealed record MeasuredPoint(PathPoint Point, double MedianUs, double RelativeError);
