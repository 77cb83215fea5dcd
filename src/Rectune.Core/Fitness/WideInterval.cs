using Rectune.Core.Domain;

namespace Rectune.Core.Fitness;

/// <summary>A median that is not known as well as asked for.</summary>
public sealed class WideInterval : IQualityAnalyser
{
    /// <summary>What measuring aims at is 0.02; between processes twice that is common.</summary>
    private const double Widest = 0.1;

    public string Kind => "wide-interval";

    public string Advice => "measure again with a larger --budget";

    public string? Look(MeasurementRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.MedianRelativeError > Widest ? QualityAnalysers.Text($"the median is known to ±{row.MedianRelativeError:P0} only, from {row.ServiceUs.Count} runs") : null;
    }
}
