using System.Globalization;
using Rectune.Core.Units;

namespace Rectune.Core.Domain;

/// <summary>The one grammar for latency targets: <c>p99=20ms</c>.</summary>
public static class SlaText
{
    public static IReadOnlyList<double> Percentiles { get; } = [50, 90, 95, 99, 99.9];

    /// <summary>Reads a target. Every problem is listed: the percentile's and the limit's.</summary>
    public static bool TryParse(string text, out Sla? sla, out IReadOnlyList<string> problems)
    {
        ArgumentNullException.ThrowIfNull(text);
        sla = null;
        var found = new List<string>();
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            problems = [$"found '{text}', expected PERCENTILE=LIMIT with a unit, such as p99=20ms"];
            return false;
        }

        var name = text[..equals].Trim();
        double percentile = 0;
        var known = name.StartsWith('p')
            && double.TryParse(name.AsSpan(1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out percentile)
            && Percentiles.Contains(percentile);
        if (!known)
        {
            found.Add($"percentile: found '{name}', expected one of p50, p90, p95, p99, p99.9");
        }

        if (!Duration.TryParse(text[(equals + 1)..].Trim(), out var limit, out var problem))
        {
            found.Add($"limit: {problem}");
        }

        problems = found;
        if (found.Count > 0)
        {
            return false;
        }

        sla = new Sla { Percentile = percentile, LimitMs = limit.Milliseconds };
        return true;
    }
}
