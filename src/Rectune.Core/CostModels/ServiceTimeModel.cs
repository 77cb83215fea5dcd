using System.Runtime.CompilerServices;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Core.CostModels;

/// <summary>
/// Service time of one configuration for any batch: the median is linear between measured batches and continues the nearest slope beyond them, never falling
/// as the batch grows; the spread is the pooled shape of the residuals, so that tails survive; stalls come on top while all instances are busy.
/// </summary>
public sealed class ServiceTimeModel : IServiceTimes
{
    private readonly int[] batches;
    private readonly double[] measured;
    private readonly double[] medians;
    private readonly Provenance pointSource;
    private readonly double[] residuals;
    private readonly double[] medianNsOfBatch;
    private readonly double[] stallUs;

    /// <param name="curve">Measured points and residuals.</param>
    /// <param name="maxBatch">Largest batch that will be asked for often; larger ones are computed when asked.</param>
    public ServiceTimeModel(ServiceCurve curve, int maxBatch)
    {
        ArgumentNullException.ThrowIfNull(curve);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        Check(curve);
        batches = [.. curve.Points.Select(point => point.Batch)];
        measured = [.. curve.Points.Select(point => point.MedianUs)];
        medians = [.. measured.Select(us => us * Math.Max(1, curve.LiveFactor?.Value ?? 1))];
        AloneFactor = Math.Min(1, curve.LiveFactor?.Value ?? 1);
        pointSource = curve.Source;
        IsotonicRegression.Fit(medians);
        residuals = [.. curve.Residuals];
        IdleStartNs = 1e3 * (curve.IdleStartUs?.Value ?? 0);
        Persistence = curve.Persistence?.Value ?? 0;
        StallsPerNs = (curve.Stalls?.PerBusySecond ?? 0) / 1e9;
        stallUs = [.. curve.Stalls?.LengthUs ?? []];
        medianNsOfBatch = new double[maxBatch + 1];
        for (var batch = 1; batch <= maxBatch; batch++)
        {
            medianNsOfBatch[batch] = MedianUs(batch, out _) * 1e3;
        }
    }

    public double IdleStartNs { get; }

    public double AloneFactor { get; }

    public double Persistence { get; }

    public double StallsPerNs { get; }

    /// <summary>Median service time of a batch, microseconds, and how far the number is from a measurement.</summary>
    public double MedianUs(int batch, out Provenance source)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        var at = Array.BinarySearch(batches, batch);
        if (at >= 0)
        {
            // Where a larger batch was measured as faster, the two are pooled, and where live load was slower, all are: neither number was observed.
            source = medians[at] == measured[at] ? pointSource : Provenance.Interpolated;
            return medians[at];
        }

        var above = ~at;
        source = above == 0 || above == batches.Length ? Provenance.Extrapolated : Provenance.Interpolated;
        if (batches.Length == 1)
        {
            // One point says nothing of the slope; time in proportion to work is the pessimistic reading beyond it.
            return batch > batches[0] ? medians[0] * batch / batches[0] : medians[0];
        }

        var right = Math.Clamp(above, 1, batches.Length - 1);
        var left = right - 1;
        var slope = (medians[right] - medians[left]) / (batches[right] - batches[left]);
        var median = medians[left] + (slope * (batch - batches[left]));

        // Below the first point a steep first slope could reach zero or less; a run costs at least in proportion to its work.
        return Math.Max(median, medians[0] * Math.Min(1.0, (double)batch / batches[0]));
    }

    /// <summary>Service time over its median at probability <paramref name="u"/>, stalls apart.</summary>
    public double ResidualAt(double u) => Quantile(residuals, u);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double ServiceNs(int samples, double u)
    {
        var medianNs = samples < medianNsOfBatch.Length ? medianNsOfBatch[samples] : MedianUs(samples, out _) * 1e3;
        return medianNs * ResidualAt(u);
    }

    public double StallNs(double u) => 1e3 * Quantile(stallUs, u);

    private static double Quantile(double[] grid, double u)
    {
        var position = u * (grid.Length - 1);
        var below = Math.Min((int)position, grid.Length - 2);
        var share = position - below;
        return ((1 - share) * grid[below]) + (share * grid[below + 1]);
    }

    private static void Check(ServiceCurve curve)
    {
        if (curve.Points.Count == 0 || curve.Residuals.Count < 2)
        {
            throw new ArgumentException("a curve needs at least one point and two residuals", nameof(curve));
        }

        for (var i = 0; i < curve.Points.Count; i++)
        {
            var (batch, median) = (curve.Points[i].Batch, curve.Points[i].MedianUs);
            if (batch < 1 || (i > 0 && batch <= curve.Points[i - 1].Batch))
            {
                throw new ArgumentException($"point {i} of a curve has batch {batch}, expected ascending batches from 1", nameof(curve));
            }

            if (!double.IsFinite(median) || median <= 0)
            {
                throw new ArgumentException($"a curve has a median of {median} us at batch {batch}, expected a positive time", nameof(curve));
            }
        }

        for (var i = 0; i < curve.Residuals.Count; i++)
        {
            var residual = curve.Residuals[i];
            if (!double.IsFinite(residual) || residual <= 0 || (i > 0 && residual < curve.Residuals[i - 1]))
            {
                throw new ArgumentException($"residual {i} of a curve is {residual}, expected positive, never falling values", nameof(curve));
            }
        }

        if (curve.Stalls is { } stalls && (stalls.LengthUs.Count < 2 || !(stalls.PerBusySecond >= 0) || stalls.LengthUs.Any(us => !(us >= 0))))
        {
            throw new ArgumentException("the stalls of a curve need a rate of at least 0 and two or more lengths of at least 0", nameof(curve));
        }
    }
}
