using Rectune.Core.Domain;

namespace Rectune.Core.Fitness;

/// <summary>
/// Runs that fall in two groups. The split that explains most of the variance (Otsu, IEEE Transactions on Systems, Man, and Cybernetics 9, 1979) explains 64 % of a normal
/// distribution's and 75 % of a uniform one's; more than that, between groups that are neither small nor alike, are two modes.
/// </summary>
public sealed class Multimodal : IQualityAnalyser
{
    private const int FewestRuns = 40;

    private const double ExplainedShare = 0.85;

    private const double SmallestGroup = 0.15;

    private const double SmallestRatio = 1.1;

    public string Kind => "multimodal";

    public string Advice => "two states of the machine are mixed: look for a busy neighbour, frequency changes or memory placed differently between processes";

    public string? Look(MeasurementRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        double[] sorted = [.. row.ServiceUs.Order()];
        if (sorted.Length < FewestRuns)
        {
            return null;
        }

        // The slowest twentieth is tail, not mode, and would take all the variance.
        sorted = sorted[..(int)(0.95 * sorted.Length)];
        var total = sorted.Sum();
        var variance = sorted.Sum(us => us * us) - (total * total / sorted.Length);
        var (best, at, below) = (0.0, 0, 0.0);
        for (var i = 1; i < sorted.Length; i++)
        {
            below += sorted[i - 1];
            var difference = (below / i) - ((total - below) / (sorted.Length - i));
            var between = difference * difference * i * (sorted.Length - i) / sorted.Length;
            (best, at) = between > best ? (between, i) : (best, at);
        }

        var (low, high) = (sorted[at / 2], sorted[at + ((sorted.Length - at) / 2)]);
        var smaller = Math.Min(at, sorted.Length - at) / (double)sorted.Length;
        return variance > 0 && best / variance > ExplainedShare && smaller >= SmallestGroup && high / low > SmallestRatio
            ? QualityAnalysers.Text($"runs fall in two groups, around {low:F0} us and {high:F0} us, with {smaller:P0} in the smaller")
            : null;
    }
}
