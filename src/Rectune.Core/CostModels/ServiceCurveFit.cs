using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Core.CostModels;

/// <summary>Makes a service curve of measurements.</summary>
/// <remarks>
/// Disturbed runs count at the rate at which they were seen: the same machine will disturb the live load, and a tail without them would promise what only a quiet
/// machine holds. Medians compare batches and configurations with each other and must not depend on who was measured in a noisy minute: each is what a run of its batch takes that nobody disturbs
/// (<see cref="MeasurementRow.QuietUs"/>), times how far the medians of all batches lie above that. A run that took
/// half as long again as the median was stalled, whoever noticed: what it lost is kept as a length of time, since a core that is gone for 4 ms is gone as long for
/// a run of 40 us as for one of 10 ms. As a ratio, the short run's loss would make the long one a hundred times slower.
/// </remarks>
public static class ServiceCurveFit
{
    /// <summary>Quantiles kept of the residuals: every half percent, so that the slowest runs keep a place of their own.</summary>
    public const int ResidualQuantiles = 201;

    /// <summary>Quantiles kept of the stalls' lengths.</summary>
    public const int StallQuantiles = 51;

    /// <summary>Service time over the median from which a run counts as stalled.</summary>
    private const double StalledRatio = 1.5;

    /// <summary>The same for a run that lost at least <see cref="LongStallUs"/>: about the shortest slice for which a scheduler takes a core away.</summary>
    private const double LongStallRatio = 1.2;

    private const double LongStallUs = 1_000;

    /// <param name="rows">Measurements of one configuration under one skew, on one machine; rows of equal batch are pooled.</param>
    /// <exception cref="ArgumentException">No usable row, or rows that do not belong together.</exception>
    public static ServiceCurve From(IReadOnlyList<MeasurementRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
        {
            throw new ArgumentException("no measurements", nameof(rows));
        }

        var first = Identity(rows[0].Key);
        var points = new List<ServicePoint>();
        var pool = new Pool();
        if (rows.FirstOrDefault(row => Identity(row.Key) != first) is { } stranger)
        {
            throw new ArgumentException($"measurements of {Identity(stranger.Key)} among those of {first}", nameof(rows));
        }

        BatchRuns[] batches = [.. rows.GroupBy(row => row.Key.Batch).OrderBy(group => group.Key).Select(group => new BatchRuns(group.Key, [.. group]))];
        var medianOverQuiet = Grid([.. batches.SelectMany(batch => batch.Settled.Select(us => (us / batch.QuietUs, 1.0 / batch.Settled.Length)))], 3, 9)[1];
        foreach (var batch in batches)
        {
            points.Add(Point(batch, Rounded(batch.QuietUs * medianOverQuiet), pool));
        }

        return new ServiceCurve
        {
            Points = points,
            Residuals = Grid(pool.Ratios, ResidualQuantiles, 5),
            Stalls = pool.Stalls.Count == 0
                ? null
                : new Stalls
                {
                    PerBusySecond = Math.Round(pool.Stalls.Count / (pool.BusyUs / 1e6), 3),
                    LengthUs = Grid(pool.Stalls, StallQuantiles, 1),
                },
            Source = Provenance.Measured,
        };
    }

    private static string Identity(ProfileKey key) =>
        $"{key.Configuration.Id()} skew {key.Skew} model {key.ModelSha256} weights {key.Weights} "
        + $"machine {key.MachineFingerprint} runtime {key.RuntimeFingerprint}";

    private static ServicePoint Point(BatchRuns batch, double median, Pool pool)
    {
        var all = batch.All;
        // Where most runs of a batch were slow, being slow was no stall.
        var usual = Math.Max(median, batch.MedianUs);
        var steady = all.Count(us => !IsStalled(us, usual));
        foreach (var us in all)
        {
            pool.BusyUs += median;
            if (IsStalled(us, usual))
            {
                pool.Stalls.Add((us - median, 1));
            }
            else
            {
                // Each batch weighs the same, however often it was repeated.
                pool.Ratios.Add((us / median, 1.0 / steady));
            }
        }

        return new ServicePoint
        {
            Batch = batch.Batch,
            MedianUs = median,
            P99Us = Rounded(Percentiles.NearestRank(all, 0.99)),
            Terms = Terms(batch.Rows),
        };
    }

    private static bool IsStalled(double us, double medianUs) =>
        us >= StalledRatio * medianUs || (us - medianUs >= LongStallUs && us >= LongStallRatio * medianUs);

    /// <summary>Mean of the rows' terms, each row weighing as many runs as it has.</summary>
    private static ServiceTerms Terms(MeasurementRow[] rows)
    {
        double Runs(MeasurementRow row) => Math.Max(1, row.ServiceUs.Count);
        var total = rows.Sum(Runs);
        double Mean(Func<ServiceTerms, double> term) => rows.Sum(row => term(row.Terms) * Runs(row)) / total;
        double? MeanOrNull(Func<ServiceTerms, double?> term) =>
            rows.All(row => term(row.Terms) is not null) ? Mean(terms => term(terms)!.Value) : null;
        return new ServiceTerms
        {
            PrepareUs = Mean(terms => terms.PrepareUs),
            CopyInUs = MeanOrNull(terms => terms.CopyInUs),
            ComputeUs = Mean(terms => terms.ComputeUs),
            EmbeddingUs = MeanOrNull(terms => terms.EmbeddingUs),
            CopyOutUs = Mean(terms => terms.CopyOutUs),
        };
    }

    /// <summary>To the nanosecond: more digits say nothing and make files hard to read.</summary>
    private static double Rounded(double us) => Math.Round(us, 3);

    /// <summary>Weighted quantiles at evenly spaced probabilities; the mean of the last cell is kept.</summary>
    private static double[] Grid(List<(double Value, double Weight)> pool, int count, int digits)
    {
        pool.Sort();
        var total = pool.Sum(run => run.Weight);
        var grid = new double[count];
        var at = 0;
        double before = 0;
        for (var i = 0; i < count - 1; i++)
        {
            // Linear between the middles of the runs' weights.
            var target = total * i / (count - 1);
            while (at < pool.Count && before + (pool[at].Weight / 2) < target)
            {
                before += pool[at].Weight;
                at++;
            }

            grid[i] = at == 0 ? pool[0].Value
                : at == pool.Count ? pool[^1].Value
                : Between(pool[at - 1], pool[at], target - (before - (pool[at - 1].Weight / 2)));
        }

        grid[^1] = Top(pool, total / (count - 1), grid[^2]);
        for (var i = 0; i < grid.Length; i++)
        {
            grid[i] = Math.Round(grid[i], digits);
        }

        return grid;
    }

    private static double Between((double Value, double Weight) left, (double Value, double Weight) right, double distance)
    {
        var gap = (left.Weight + right.Weight) / 2;
        return left.Value + (distance / gap * (right.Value - left.Value));
    }

    /// <summary>
    /// The largest value would smear itself over the whole last cell, because reading is linear between quantiles. The value here keeps the mean of that cell instead:
    /// the work, and with it the load, stays what was measured.
    /// </summary>
    private static double Top(List<(double Value, double Weight)> pool, double share, double last)
    {
        var left = share;
        double sum = 0;
        for (var i = pool.Count - 1; i >= 0 && left > 0; i--)
        {
            var weight = Math.Min(left, pool[i].Weight);
            sum += weight * pool[i].Value;
            left -= weight;
        }

        return Math.Max(last, (2 * sum / share) - last);
    }

    /// <summary>Runs of one batch.</summary>
    private sealed class BatchRuns
    {
        public BatchRuns(int batch, MeasurementRow[] rows)
        {
            (Batch, Rows) = (batch, rows);
            double[] undisturbed = [.. rows.SelectMany(row => row.ServiceUs)];
            All = [.. undisturbed, .. rows.SelectMany(row => row.DisturbedUs)];
            if (All.Length == 0)
            {
                throw new ArgumentException($"no run at batch {batch}", nameof(rows));
            }

            Array.Sort(All);
            Settled = undisturbed.Length > 0 ? undisturbed : All;
            QuietUs = Percentiles.Interpolated(All, MeasurementRow.QuietShare);
            MedianUs = Percentiles.Interpolated([.. Settled.Order()], 0.5);
        }

        public int Batch { get; }

        public MeasurementRow[] Rows { get; }

        /// <summary>Ascending.</summary>
        public double[] All { get; }

        /// <summary>Those that were not disturbed, or all where every run was.</summary>
        public double[] Settled { get; }

        public double QuietUs { get; }

        public double MedianUs { get; }
    }

    /// <summary>Runs of all batches.</summary>
    private sealed class Pool
    {
        public List<(double Value, double Weight)> Ratios { get; } = [];

        /// <summary>Time lost, microseconds.</summary>
        public List<(double Value, double Weight)> Stalls { get; } = [];

        /// <summary>Time that the runs would have taken at their medians.</summary>
        public double BusyUs { get; set; }
    }
}
