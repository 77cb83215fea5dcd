namespace Rectune.Core.Search;

/// <summary>What measuring one configuration at one batch size takes until its median is known to some percent, over all processes that take part.</summary>
public static class MeasuringCost
{
    /// <summary>However fast it is: visits of a fixed length, in several rounds and processes.</summary>
    public const double LeastSeconds = 0.08;

    /// <summary>Runs of a slow one: those that warm up and one that counts, in each of three processes.</summary>
    private const int FewestRuns = 9;

    /// <param name="medianUs">Of one run, microseconds.</param>
    public static double Seconds(double medianUs) => Math.Max(LeastSeconds, FewestRuns * medianUs / 1e6);
}
