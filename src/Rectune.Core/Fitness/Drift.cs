using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Core.Fitness;

/// <summary>Later runs that are slower or faster than earlier ones.</summary>
public sealed class Drift : IQualityAnalyser
{
    private const int FewestRuns = 60;

    private const double Largest = 0.1;

    public string Kind => "drift";

    public bool WithinOneProcess => true;

    public string Advice => "the machine changed while it was measured: measure again when it is quiet";

    public string? Look(MeasurementRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.ServiceUs.Count < FewestRuns)
        {
            return null;
        }

        var third = row.ServiceUs.Count / 3;
        var first = Percentiles.Interpolated([.. row.ServiceUs.Take(third).Order()], 0.5);
        var last = Percentiles.Interpolated([.. row.ServiceUs.TakeLast(third).Order()], 0.5);
        return Math.Abs(last - first) / Math.Min(first, last) > Largest
            ? QualityAnalysers.Text($"the median went from {first:F0} us in the first third of the runs to {last:F0} us in the last")
            : null;
    }
}
