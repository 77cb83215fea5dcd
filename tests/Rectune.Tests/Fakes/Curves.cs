using Rectune.Core.Domain;

namespace Rectune.Tests.Fakes;

/// <summary>Service curves and measurement rows from stated numbers.</summary>
internal static class Curves
{
    /// <summary>A curve through (batch, median µs), without spread unless <paramref name="residuals"/> says so.</summary>
    public static ServiceCurve Through(IEnumerable<(int Batch, double MedianUs)> points, params double[] residuals) => new()
    {
        Points = [.. points.Select(p => new ServicePoint { Batch = p.Batch, MedianUs = p.MedianUs, P99Us = p.MedianUs, Terms = SampleRecords.Terms() })],
        Residuals = residuals.Length == 0 ? [1, 1] : residuals,
        Source = Provenance.Measured,
    };

    public static MeasurementRow Row(int batch, IEnumerable<double> serviceUs, IEnumerable<double>? disturbedUs = null)
    {
        var row = SampleRecords.Row();
        return row with { Key = row.Key with { Batch = batch }, ServiceUs = [.. serviceUs], DisturbedUs = [.. disturbedUs ?? []] };
    }
}
