using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Core.CostModels;

/// <summary>
/// What a machine adds to service times, learned from everything that was measured on it: which minute a path was measured in must not decide what its tail is said to be.
/// </summary>
/// <remarks>
/// Stalls come from whatever else the machine does, so configurations that divide its cores alike share them. Disturbed runs count at the rate at which they were seen: the same machine will
/// disturb the live load, and a tail without them would promise what only a quiet machine holds. A run that took half as long again as the median was stalled, whoever noticed: what it lost is kept as a
/// length of time, since a core that is gone for 4 ms is gone as long for a run of 40 us as for one of 10 ms. As a ratio, the short run's loss would make the long one a hundred times slower.
/// The steady runs' spread is partly the path's own (what waits for memory feels neighbours more) and partly the minute's.
/// </remarks>
public sealed class MachineSpread
{
    /// <summary>Quantiles kept of the residuals: every half percent, so that the slowest runs keep a place of their own.</summary>
    public const int ResidualQuantiles = 201;

    /// <summary>Quantiles kept of the stalls' lengths.</summary>
    public const int StallQuantiles = 51;

    /// <summary>
    /// Part of a configuration's difference from those that divide the cores alike that is its own: the correlation between two recordings of 900 paths of three models, an hour and a half apart.
    /// </summary>
    private const double OwnShare = 0.4;

    private readonly Dictionary<(string Device, int Instances, int Threads), Spread> shared = [];
    private readonly Dictionary<string, Spread> own = new(StringComparer.Ordinal);

    /// <param name="rows">Measurements under one skew on one machine; rows of equal configuration and batch are pooled.</param>
    public MachineSpread(IEnumerable<MeasurementRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var group in BatchRuns.Of(rows).GroupBy(batch => Division(batch.Configuration)))
        {
            BatchRuns[] batches = [.. group];
            var all = Of(batches);
            shared[group.Key] = all;
            foreach (var configuration in batches.GroupBy(batch => batch.Configuration.Id(), StringComparer.Ordinal))
            {
                own[configuration.Key] = Blend(all, Of([.. configuration]));
            }
        }
    }

    /// <summary>The spread of a configuration that was measured.</summary>
    public Spread Of(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return own[configuration.Id()];
    }

    /// <summary>What configurations of a device share that divide its cores alike.</summary>
    private static (string Device, int Instances, int Threads) Division(Configuration configuration) => (configuration.Device, configuration.Instances, configuration.Threads);

    private static Spread Of(BatchRuns[] batches)
    {
        // Each batch weighs the same, however often it was repeated.
        var medianOverQuiet = WeightedQuantiles.Grid([.. batches.SelectMany(batch => batch.Settled.Select(us => (us / batch.QuietUs, 1.0 / batch.Settled.Count)))], 3, 9)[1];
        List<(double Value, double Weight)> ratios = [];
        List<(double Value, double Weight)> stalls = [];
        var busyUs = 0.0;
        foreach (var batch in batches)
        {
            var median = batch.QuietUs * medianOverQuiet;
            var steady = batch.All.Count(us => !batch.IsStalled(us, median));
            busyUs += batch.All.Count * median;
            foreach (var us in batch.All)
            {
                if (batch.IsStalled(us, median))
                {
                    stalls.Add((us - median, 1));
                }
                else
                {
                    ratios.Add((us / median, 1.0 / steady));
                }
            }
        }

        return new Spread(
            medianOverQuiet,
            WeightedQuantiles.Grid(ratios, ResidualQuantiles, 5),
            stalls.Count == 0 ? null : new Stalls { PerBusySecond = Math.Round(stalls.Count / (busyUs / 1e6), 3), LengthUs = WeightedQuantiles.Grid(stalls, StallQuantiles, 1) });
    }

    /// <summary>Quantile by quantile (Vincent averaging), on the scale of logarithms.</summary>
    private static Spread Blend(Spread all, Spread one)
    {
        double Between(double shared, double own) => Math.Exp(((1 - OwnShare) * Math.Log(shared)) + (OwnShare * Math.Log(own)));
        return new Spread(
            Between(all.MedianOverQuiet, one.MedianOverQuiet),
            [.. all.Residuals.Zip(one.Residuals, (shared, own) => Math.Round(Between(shared, own), 5))],
            all.Stalls);
    }
}
