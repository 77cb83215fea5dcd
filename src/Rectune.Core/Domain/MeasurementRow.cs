using Rectune.Core.Numerics;

namespace Rectune.Core.Domain;

/// <summary>One measurement: a configuration at one batch size, all its instances busy. One line of a profile's journal.</summary>
public sealed record MeasurementRow
{
    public const string SchemaName = "rectune.measurement/2";

    public required string Schema { get; init; }

    public required ProfileKey Key { get; init; }

    /// <summary>Median of each term over the undisturbed runs, or over all where every run was disturbed.</summary>
    public required ServiceTerms Terms { get; init; }

    /// <summary>Service time of every undisturbed run, prepare to copy out, in the order of measurement, microseconds.</summary>
    public required IReadOnlyList<double> ServiceUs { get; init; }

    /// <summary>Service time of the runs marked as disturbed from outside; kept apart, not thrown away.</summary>
    public required IReadOnlyList<double> DisturbedUs { get; init; }

    public required Disturbance Disturbance { get; init; }

    /// <summary>Median time of the fixed yardstick kernel in the same rounds, microseconds: ties groups of measurements together.</summary>
    public required double YardstickUs { get; init; }

    /// <summary>Half-width of the 95 % interval of the median over the median.</summary>
    public required double MedianRelativeError { get; init; }

    /// <summary>Largest change of a score against full-precision rows on a fixed sample of candidates; null when not compared.</summary>
    public double? MaxScoreChange { get; init; }

    /// <summary>Operators of the graphs, the longest first, from runs of their own; null when not asked for.</summary>
    public IReadOnlyList<OperatorTime>? Operators { get; init; }

    /// <summary>Which of several processes took this part of a measurement; null where one took all of it, or parts were put together.</summary>
    public LaunchPlace? Launch { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    public required string MeasuredAt { get; init; }

    /// <summary>In a journal only: ties the line to the one before it.</summary>
    public string? Chain { get; init; }

    /// <summary>Part of the runs that are as fast as if nobody disturbed them.</summary>
    internal const double QuietShare = 0.1;

    /// <summary>
    /// What a run takes that nobody disturbs, microseconds: the tenth percentile of all runs. Neighbours only ever add to a run; in busy hours two recordings of one path differ in it by half of what
    /// their medians differ by.
    /// </summary>
    public double QuietUs()
    {
        double[] sorted = [.. ServiceUs.Concat(DisturbedUs).Order()];
        return Percentiles.Interpolated(sorted, QuietShare);
    }

    /// <summary>Median of the undisturbed runs, or of all where every run was disturbed, microseconds.</summary>
    public double MedianUs()
    {
        double[] sorted = [.. (ServiceUs.Count > 0 ? ServiceUs : DisturbedUs).Order()];
        return Percentiles.Interpolated(sorted, 0.5);
    }
}
