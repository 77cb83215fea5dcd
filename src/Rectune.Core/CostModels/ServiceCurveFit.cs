using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Core.CostModels;

/// <summary>Turns the measurements of one configuration into its service curve.</summary>
public static class ServiceCurveFit
{
    /// <summary>Quantiles kept of the residuals: every half percent, so that the slowest runs keep a place of their own.</summary>
    public const int ResidualQuantiles = 201;

    /// <summary>
    /// Disturbed runs are left out of medians, since they are not the path's doing, and kept in the residuals at the rate at which they happened, since live load on
    /// this machine meets them as well.
    /// </summary>
    /// <param name="rows">Rows of one configuration in ascending batch order, at least one.</param>
    public static ServiceCurve From(IReadOnlyList<MeasurementRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
        {
            throw new ArgumentException("no measurements", nameof(rows));
        }

        var points = new ServicePoint[rows.Count];
        var ratios = new List<double>();
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            double[] undisturbed = [.. row.ServiceUs.Order()];
            double[] all = [.. row.ServiceUs.Concat(row.DisturbedUs).Order()];
            var median = Percentiles.Interpolated(undisturbed, 0.5);
            points[i] = new ServicePoint { Batch = row.Key.Batch, MedianUs = Rounded(median), P99Us = Rounded(Percentiles.NearestRank(all, 0.99)), Terms = row.Terms };

            // Every batch weighs the same, however many runs fitted into its visits.
            for (var k = 0; k < ResidualQuantiles; k++)
            {
                ratios.Add(Percentiles.Interpolated(all, k / (double)(ResidualQuantiles - 1)) / median);
            }
        }

        ratios.Sort();
        var pooled = ratios.ToArray();
        var residuals = new double[ResidualQuantiles];
        for (var k = 0; k < ResidualQuantiles; k++)
        {
            residuals[k] = Math.Round(Percentiles.Interpolated(pooled, k / (double)(ResidualQuantiles - 1)), 5);
        }

        return new ServiceCurve { Points = points, Residuals = residuals, Source = Provenance.Measured };
    }

    private static double Rounded(double us) => Math.Round(us, 3);
}
