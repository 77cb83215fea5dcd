using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Core.CostModels;

/// <summary>Makes a service curve of measurements.</summary>
/// <remarks>
/// Disturbed runs are in the spread at the rate at which they were seen: the same machine will disturb the live load, and a tail without them would
/// promise what only a quiet machine holds. They are not in the medians, which compare configurations with each other and must not depend on who was
/// measured in a noisy minute.
/// </remarks>
public static class ServiceCurveFit
{
    /// <summary>Quantiles kept of the residuals: every half percent, so that the slowest runs keep a place of their own.</summary>
    public const int ResidualQuantiles = 201;

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
        var pool = new List<(double Ratio, double Weight)>();
        foreach (var group in rows.GroupBy(row => row.Key.Batch).OrderBy(group => group.Key))
        {
            foreach (var row in group)
            {
                if (Identity(row.Key) != first)
                {
                    throw new ArgumentException($"measurements of {Identity(row.Key)} among those of {first}", nameof(rows));
                }
            }

            points.Add(Point(group.Key, [.. group], pool));
        }

        return new ServiceCurve { Points = points, Residuals = Grid(pool), Source = Provenance.Measured };
    }

    private static string Identity(ProfileKey key) =>
        $"{key.Configuration.Id()} skew {key.Skew} model {key.ModelSha256} weights {key.Weights} "
        + $"machine {key.MachineFingerprint} runtime {key.RuntimeFingerprint}";

    private static ServicePoint Point(int batch, MeasurementRow[] rows, List<(double Ratio, double Weight)> pool)
    {
        double[] quiet = [.. rows.SelectMany(row => row.ServiceUs)];
        double[] all = [.. quiet, .. rows.SelectMany(row => row.DisturbedUs)];
        if (all.Length == 0)
        {
            throw new ArgumentException($"no run at batch {batch}", nameof(rows));
        }

        Array.Sort(quiet);
        Array.Sort(all);
        var median = Rounded(Percentiles.Interpolated(quiet.Length > 0 ? quiet : all, 0.5));
        foreach (var us in all)
        {
            // Each batch weighs the same, however often it was repeated.
            pool.Add((us / median, 1.0 / all.Length));
        }

        return new ServicePoint
        {
            Batch = batch,
            MedianUs = median,
            P99Us = Rounded(Percentiles.NearestRank(all, 0.99)),
            Terms = Terms(rows),
        };
    }

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

    private static double[] Grid(List<(double Ratio, double Weight)> pool)
    {
        pool.Sort();
        var total = pool.Sum(run => run.Weight);
        var grid = new double[ResidualQuantiles];
        var at = 0;
        double before = 0;
        for (var i = 0; i < ResidualQuantiles - 1; i++)
        {
            // Linear between the middles of the runs' weights.
            var target = total * i / (ResidualQuantiles - 1);
            while (at < pool.Count && before + (pool[at].Weight / 2) < target)
            {
                before += pool[at].Weight;
                at++;
            }

            grid[i] = at == 0 ? pool[0].Ratio
                : at == pool.Count ? pool[^1].Ratio
                : Between(pool[at - 1], pool[at], target - (before - (pool[at - 1].Weight / 2)));
        }

        grid[^1] = Top(pool, total, grid[^2]);
        for (var i = 0; i < grid.Length; i++)
        {
            grid[i] = Math.Round(grid[i], 5);
        }

        return grid;
    }

    private static double Between((double Ratio, double Weight) left, (double Ratio, double Weight) right, double distance)
    {
        var gap = (left.Weight + right.Weight) / 2;
        return left.Ratio + (distance / gap * (right.Ratio - left.Ratio));
    }

    /// <summary>
    /// The largest run would smear itself over the whole last cell, because residuals are linear between quantiles. The value here keeps the mean of
    /// that cell instead: the work, and with it the load, stays what was measured.
    /// </summary>
    private static double Top(List<(double Ratio, double Weight)> pool, double total, double last)
    {
        var share = total / (ResidualQuantiles - 1);
        var left = share;
        double sum = 0;
        for (var i = pool.Count - 1; i >= 0 && left > 0; i--)
        {
            var weight = Math.Min(left, pool[i].Weight);
            sum += weight * pool[i].Ratio;
            left -= weight;
        }

        return Math.Max(last, (2 * sum / share) - last);
    }
}
