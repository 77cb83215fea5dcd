using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Core.CostModels;

/// <summary>
/// What a machine adds to service times, learned from everything that was measured on it: which minute a path was measured in must not decide what its tail is said to be.
/// </summary>
/// <remarks>
/// Stalls come mostly from whatever else the machine does, so configurations share them that divide its cores alike, run alike and keep their tables alike. Disturbed runs count at the rate at which
/// they were seen: the same machine will disturb the live load, and a tail without them would promise what only a quiet machine holds. A run that took half as long again as usual was stalled, whoever
/// noticed, and so was one that took a fifth longer and at least a millisecond: what it lost is kept as a length of time, since a core that is gone for 4 ms is gone as long for a run of 40 us as for
/// one of 10 ms. As a ratio, the short run's loss would make the long one a hundred times slower. The steady runs' spread is partly the path's own (what waits for memory feels neighbours more) and
/// partly the minute's; how long it lasts is the machine's.
/// </remarks>
public sealed class MachineSpread
{
    /// <summary>Quantiles kept of the residuals: every half percent, so that the slowest runs keep a place of their own.</summary>
    public const int ResidualQuantiles = 201;

    /// <summary>Quantiles kept of the stalls' lengths.</summary>
    public const int StallQuantiles = 51;

    /// <summary>
    /// Part of a configuration's difference from the mean of those alike that is its own: by which the logarithms of the 50th to 99th percentiles of its steady runs are found again in another recording
    /// of the same 900 paths of three models (regression over four pairs of recordings: 0.2 to 0.6, least at the median, mean 0.43).
    /// </summary>
    private const double OwnShare = 0.4;

    private readonly Dictionary<string, Spread> spreads = new(StringComparer.Ordinal);

    /// <param name="rows">Measurements under one skew on one machine; rows of equal configuration and batch are pooled.</param>
    /// <exception cref="ArgumentException">A row without runs.</exception>
    public MachineSpread(IEnumerable<MeasurementRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var alike in BatchRuns.Of(rows).GroupBy(batch => Division(batch.Configuration)))
        {
            Learn([.. alike.GroupBy(batch => batch.Configuration.Id(), StringComparer.Ordinal).Select(group => group.ToArray())]);
        }
    }

    /// <summary>The spread of a configuration that was measured.</summary>
    /// <exception cref="ArgumentException">Nothing was measured of it.</exception>
    public Spread Of(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return spreads.TryGetValue(configuration.Id(), out var spread) ? spread : throw new ArgumentException($"no measurement of {configuration.Id()}", nameof(configuration));
    }

    private static (string Device, int Instances, int Threads, string Placement, RuntimeOptions Runtime) Division(Configuration configuration) =>
        (configuration.Device, configuration.Instances, configuration.Threads, configuration.Placement, configuration.Runtime);

    /// <param name="alike"><c>[configurations][batches]</c></param>
    private void Learn(BatchRuns[][] alike)
    {
        double[] own = [.. alike.Select(MedianOverQuiet)];
        var shared = GeometricMean(own);
        double[] medians = [.. own.Select(median => Blend(shared, median))];
        var residuals = alike.Select((batches, i) => Residuals(batches, own[i], medians[i])).ToArray();
        double[] sharedResiduals = [.. Enumerable.Range(0, ResidualQuantiles).Select(q => GeometricMean(residuals.Select(grid => grid[q])))];
        var stalls = StallsOf(alike, medians);
        var persistence = RunPersistence.Of(alike.SelectMany(batches => batches).SelectMany(batch => batch.Rows));
        for (var i = 0; i < alike.Length; i++)
        {
            spreads[alike[i][0].Configuration.Id()] = new Spread(medians[i], [.. sharedResiduals.Zip(residuals[i], (all, one) => Math.Round(Blend(all, one), 5))], stalls, persistence);
        }
    }

    /// <summary>Each batch weighs the same, however often it was repeated.</summary>
    private static double MedianOverQuiet(BatchRuns[] batches) =>
        WeightedQuantiles.Grid([.. batches.SelectMany(batch => batch.Settled.Select(us => (us / batch.QuietUs, 1.0 / batch.Settled.Count)))], 3, 9)[1];

    /// <summary>Quantiles of the runs that were not stalled, over the configuration's own median.</summary>
    private static double[] Residuals(BatchRuns[] batches, double ownMedian, double usualMedian)
    {
        List<(double Value, double Weight)> ratios = [];
        foreach (var batch in batches)
        {
            double[] steady = [.. batch.All.Where(us => !batch.IsStalled(us, batch.QuietUs * usualMedian))];
            ratios.AddRange(steady.Select(us => (us / (batch.QuietUs * ownMedian), 1.0 / steady.Length)));
        }

        return WeightedQuantiles.Grid(ratios, ResidualQuantiles, 5);
    }

    private static Stalls? StallsOf(BatchRuns[][] alike, double[] medians)
    {
        List<(double Value, double Weight)> lost = [];
        var busyUs = 0.0;
        foreach (var (batches, median) in alike.Zip(medians))
        {
            foreach (var batch in batches)
            {
                var usual = batch.QuietUs * median;
                busyUs += batch.All.Sum();
                lost.AddRange(batch.All.Where(us => batch.IsStalled(us, usual)).Select(us => (us - usual, 1.0)));
            }
        }

        return lost.Count == 0 ? null : new Stalls { PerBusySecond = Math.Round(lost.Count / (busyUs / 1e6), 3), LengthUs = WeightedQuantiles.Grid(lost, StallQuantiles, 1) };
    }

    private static double GeometricMean(IEnumerable<double> values) => Math.Exp(values.Average(Math.Log));

    private static double Blend(double shared, double own) => Math.Exp(((1 - OwnShare) * Math.Log(shared)) + (OwnShare * Math.Log(own)));
}
