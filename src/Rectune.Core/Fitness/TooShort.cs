using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Core.Fitness;

/// <summary>Runs so short that the clock's own cost and resolution show in them.</summary>
public sealed class TooShort : IQualityAnalyser
{
    /// <summary>A hundred times what reading a clock costs on common machines, about 25 ns.</summary>
    private const double ShortestUs = 2.5;

    public string Kind => "too-short";

    public string Advice => "trust differences between such paths only where they are large";

    public string? Look(MeasurementRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.ServiceUs.Count == 0)
        {
            return null;
        }

        var median = Percentiles.Interpolated([.. row.ServiceUs.Order()], 0.5);
        return median < ShortestUs ? QualityAnalysers.Text($"a run takes {median:F2} us, less than {ShortestUs} us") : null;
    }
}
