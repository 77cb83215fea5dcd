using Rectune.Core.Numerics;

namespace Rectune.Core.CostModels;

/// <summary>Predicts what undisturbed runs of configurations take from what those of others take.</summary>
public interface IPathModel
{
    /// <summary>Service time and its interval, microseconds.</summary>
    /// <param name="confidence">Share of predictions whose interval is to hold what is then measured.</param>
    Interval Predict(PathPoint point, double confidence);

    /// <summary>Standard deviation of the logarithm of what an undisturbed run takes, as far as the model tells: without what a measurement of it would be off by, which <see cref="Predict"/> allows for.</summary>
    double LogDeviation(PathPoint point);
}
