using Rectune.Core.Numerics;

namespace Rectune.Core.CostModels;

/// <summary>Predicts median service times of configurations from those of others.</summary>
public interface IPathModel
{
    /// <summary>Median and its interval, microseconds.</summary>
    /// <param name="confidence">Share of predictions whose interval is to hold what is then measured.</param>
    Interval Predict(PathPoint point, double confidence);
}
