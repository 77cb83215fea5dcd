using System.Globalization;

namespace Rectune.Core.Domain;

/// <summary>A number with its interval and its origin. The unit is in the name of the property that holds it.</summary>
public sealed record Estimate
{
    public required double Value { get; init; }

    /// <summary>Lower end of the interval at the confidence stated by the owner; null when the evidence gives none.</summary>
    public double? Low { get; init; }

    /// <summary>Upper end of the interval at the confidence stated by the owner; null when the evidence gives none.</summary>
    public double? High { get; init; }

    public required Provenance Source { get; init; }

    /// <summary>The value with its interval, in .NET's format; an open end is a dash.</summary>
    public string Text(string format) => Low is null && High is null ? Part(Value, format) : $"{Part(Value, format)} [{Part(Low, format)} … {Part(High, format)}]";

    private static string Part(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";

    /// <summary>A number known without spread, such as a count.</summary>
    public static Estimate Exact(double value, Provenance source) => new() { Value = value, Low = value, High = value, Source = source };
}
