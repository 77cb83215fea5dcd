namespace Rectune.Core.Domain;

/// <summary>Service time of a path by batch, with the shape of its spread.</summary>
public sealed record ServiceCurve
{
    /// <summary>Live load that differs more speaks of a disturbance, not of the path, and corrects nothing.</summary>
    public const double LeastLiveFactor = 0.5;

    /// <inheritdoc cref="LeastLiveFactor"/>
    public const double MostLiveFactor = 2;

    /// <summary>Measured points in ascending batch order.</summary>
    public required IReadOnlyList<ServicePoint> Points { get; init; }

    /// <summary>Service time over the median of its batch at evenly spaced probabilities from 0 to 1, stalled runs left out: all batches pooled; of a fit (CostModels) between the path's own and the mean of those alike.</summary>
    public required IReadOnlyList<double> Residuals { get; init; }

    /// <summary>Of a fit (CostModels) those of all paths alike; null when none was seen.</summary>
    public Stalls? Stalls { get; init; }

    /// <summary>
    /// Part of the spread that outlasts a run, 0 to 1: the correlation of one run's normal score among all with the next one's. What is left is every run's own. Null: unknown, taken for none.
    /// </summary>
    public Estimate? Persistence { get; init; }

    public required Provenance Source { get; init; }

    /// <summary>
    /// What a run takes longer that finds its instance asleep, microseconds: waking it, before that whoever sends the query, and caches that others have used since. Interpolated: between simulations,
    /// so that they show what live load did; extrapolated: from what waking a thread takes. Null: unknown, taken for nothing.
    /// </summary>
    public Estimate? IdleStartUs { get; init; }

    /// <summary>
    /// Service times under live load over those of the points; null where no live load differed from what they predicted. Below 1 it holds only for runs that find the other instances asleep: points
    /// are measured with all of them busy, and a promise leaves many runs the caches and the memory to themselves, which no load near the capacity does.
    /// </summary>
    public Estimate? LiveFactor { get; init; }

    /// <summary>A point that was not measured: its median and tail by the residuals, its terms those of the nearest batch in proportion.</summary>
    /// <param name="quietUs">What a run takes that nobody disturbs.</param>
    public ServicePoint At(int batch, double quietUs)
    {
        var medianUs = quietUs / Residuals[(int)Math.Round(MeasurementRow.QuietShare * (Residuals.Count - 1))];
        var nearest = Points.MinBy(point => Math.Abs(Math.Log((double)point.Batch / batch)))!;
        var times = medianUs / nearest.MedianUs;
        return new ServicePoint
        {
            Batch = batch,
            MedianUs = Math.Round(medianUs, 3),
            P99Us = Math.Round(medianUs * Residuals[(int)Math.Round(0.99 * (Residuals.Count - 1))], 3),
            Terms = nearest.Terms.Times(times),
        };
    }
}
