using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Rectune.Core.Domain;

namespace Rectune.Core.Workloads;

/// <summary>The one grammar for index skews: <c>uniform</c>, <c>zipf:1.05</c>, <c>trace:clicks.txt</c>.</summary>
public static class SkewText
{
    private const string ZipfPrefix = "zipf:";
    private const string TracePrefix = "trace:";

    /// <summary>What may be asked for.</summary>
    public static IReadOnlyList<string> Names { get; } = ["uniform", ZipfPrefix + "ALPHA", TracePrefix + "FILE"];

    /// <summary>The skew of an exponent; 0 is uniform.</summary>
    public static IndexSkew Of(double zipfExponent, Provenance source) => zipfExponent == 0
        ? new IndexSkew { Kind = SkewKind.Uniform, Source = source }
        : new IndexSkew { Kind = SkewKind.Zipf, ZipfExponent = zipfExponent, Source = source };

    /// <param name="skew">As assumed by whoever asks; of a trace only the file's name is known.</param>
    /// <param name="problem">What was found and what was expected, with the closest name when one is close; empty on success.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out IndexSkew? skew, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        (skew, problem) = (null, "");
        if (text == "uniform")
        {
            skew = Of(0, Provenance.Assumed);
        }
        else if (text.StartsWith(ZipfPrefix, StringComparison.Ordinal))
        {
            var known = double.TryParse(text.AsSpan(ZipfPrefix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var exponent)
                && exponent <= IndexSkew.SteepestExponent;
            skew = known ? Of(exponent, Provenance.Assumed) : null;
            problem = known ? "" : $"found '{text}', expected zipf:ALPHA with an exponent from 0 to {IndexSkew.SteepestExponent}";
        }
        else if (text.StartsWith(TracePrefix, StringComparison.Ordinal))
        {
            var file = text[TracePrefix.Length..];
            var named = file.Trim().Length > 0;
            skew = named ? new IndexSkew { Kind = SkewKind.Trace, Source = Provenance.Measured, DataFile = file } : null;
            problem = named ? "" : $"found '{text}', expected trace:FILE with the file of an access trace";
        }
        else
        {
            problem = Spelling.Unknown(text, Names);
        }

        return skew is not null;
    }
}
