using System.Globalization;
using Rectune.Core.Domain;

namespace Rectune.Core.Fitness;

/// <summary>Every analyser of measurements.</summary>
public static class QualityAnalysers
{
    public static IReadOnlyList<IQualityAnalyser> All { get; } = [new TooShort(), new WideInterval(), new Multimodal(), new Drift(), new MostlyDisturbed()];

    /// <param name="measurements">Whole measurements.</param>
    /// <param name="parts">What each process measured of them.</param>
    public static IEnumerable<QualityWarning> Look(IReadOnlyList<MeasurementRow> measurements, IReadOnlyList<MeasurementRow> parts)
    {
        ArgumentNullException.ThrowIfNull(measurements);
        ArgumentNullException.ThrowIfNull(parts);
        return from analyser in All
               from row in analyser.WithinOneProcess ? parts : measurements
               let seen = analyser.Look(row)
               where seen is not null
               select new QualityWarning
               {
                   Kind = analyser.Kind,
                   Measurement = string.Create(CultureInfo.InvariantCulture, $"{row.Key.Configuration.Id()}, batch {row.Key.Batch}"),
                   What = seen,
                   Advice = analyser.Advice,
               };
    }

    internal static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
