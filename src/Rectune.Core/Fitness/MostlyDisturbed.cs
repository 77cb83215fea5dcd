using Rectune.Core.Domain;

namespace Rectune.Core.Fitness;

/// <summary>Hardly a run that the system left alone.</summary>
public sealed class MostlyDisturbed : IQualityAnalyser
{
    private const double Most = 0.5;

    public string Kind => "disturbed";

    public string Advice => "others use the same cores: measure when they do not, or leave cores to them with --set instances=…,threads=…";

    public string? Look(MeasurementRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var runs = row.ServiceUs.Count + row.DisturbedUs.Count;
        var share = runs == 0 ? 0 : (double)row.DisturbedUs.Count / runs;
        return share > Most ? QualityAnalysers.Text($"{share:P0} of {runs} runs were interrupted by the system, or fell in moments when the machine was slow") : null;
    }
}
