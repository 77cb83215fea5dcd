using System.Globalization;
using Rectune.Core.Domain;

namespace Rectune.Cli;

/// <summary>How well the load generator did, as people read it.</summary>
internal static class GeneratorText
{
    public static string Line(GeneratorReport generator)
    {
        var cpu = generator.CpuShare is { } share ? Text($"{share:P1} of one core") : "processor time unavailable";
        var gaps = generator.GapVariation is { } variation ? Text($"; gaps vary by {variation:F2} of their mean") : "";
        return Text($"generator lateness: p50 {generator.LatenessP50Us:F0} us, p99 {generator.LatenessP99Us:F0} us, largest {generator.LatenessMaxUs:F0} us{gaps}; {cpu}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
