using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Core.CostModels;

/// <summary>All runs of one configuration at one batch.</summary>
internal sealed class BatchRuns
{
    /// <summary>Service time over the median from which a run counts as stalled.</summary>
    private const double StalledRatio = 1.5;

    /// <summary>The same for a run that lost at least <see cref="LongStallUs"/>: about the shortest slice for which a scheduler takes a core away.</summary>
    private const double LongStallRatio = 1.2;

    private const double LongStallUs = 1_000;

    private readonly double medianUs;

    /// <exception cref="ArgumentException">No run at all.</exception>
    public BatchRuns(Configuration configuration, int batch, IReadOnlyList<MeasurementRow> rows)
    {
        (Configuration, Batch, Rows) = (configuration, batch, rows);
        double[] undisturbed = [.. rows.SelectMany(row => row.ServiceUs)];
        double[] all = [.. undisturbed, .. rows.SelectMany(row => row.DisturbedUs)];
        if (all.Length == 0)
        {
            throw new ArgumentException($"no run at batch {batch}", nameof(rows));
        }

        Array.Sort(all);
        All = all;
        Settled = undisturbed.Length > 0 ? undisturbed : all;
        QuietUs = Percentiles.Interpolated(all, MeasurementRow.QuietShare);
        medianUs = Percentiles.Interpolated([.. Settled.Order()], 0.5);
    }

    public Configuration Configuration { get; }

    public int Batch { get; }

    public IReadOnlyList<MeasurementRow> Rows { get; }

    /// <summary>Ascending, microseconds.</summary>
    public IReadOnlyList<double> All { get; }

    /// <summary>Those that were not disturbed, or all where every run was.</summary>
    public IReadOnlyList<double> Settled { get; }

    public double QuietUs { get; }

    /// <summary>By configuration, then batch in ascending order.</summary>
    public static BatchRuns[] Of(IEnumerable<MeasurementRow> rows) =>
    [
        .. rows.GroupBy(row => (Id: row.Key.Configuration.Id(), row.Key.Batch)).OrderBy(group => group.Key.Id, StringComparer.Ordinal).ThenBy(group => group.Key.Batch)
            .Select(group => new BatchRuns(group.First().Key.Configuration, group.Key.Batch, [.. group])),
    ];

    /// <summary>Where most runs of a batch were slow, being slow was no stall.</summary>
    /// <param name="usualUs">What runs of the batch take in general.</param>
    public bool IsStalled(double us, double usualUs)
    {
        var usual = Math.Max(usualUs, medianUs);
        return us >= StalledRatio * usual || (us - usual >= LongStallUs && us >= LongStallRatio * usual);
    }
}
