using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Units;

namespace Rectune.Core.Workloads;

/// <summary>The arrival processes by name; traces, which lie in files, are not among them.</summary>
public static class ArrivalCatalog
{
    private const string Poisson = "poisson";
    private const string Bursty = "bursty";
    private const string Diurnal = "diurnal";

    private const double LeastShare = 1e-6;

    /// <summary>Shorter than any query's own time, nothing changes that a server would notice.</summary>
    private const long ShortestNs = 1_000_000;

    /// <summary>What may be asked for, default first.</summary>
    public static IReadOnlyList<string> Names { get; } = [Poisson, "bursty:PEAK,SHARE,LENGTH", "diurnal:PEAK,LENGTH"];

    /// <param name="name">A process, with its numbers or without: <c>bursty</c> is three times the average rate for a tenth of the time, 100 ms at a time; a <c>diurnal</c> day takes 20 s, with half as much again at noon.</param>
    /// <param name="problem">What was found and what was expected, with the closest name when one is close; empty on success.</param>
    public static bool TryParse(string name, [NotNullWhen(true)] out IArrivals? arrivals, out string problem)
    {
        ArgumentNullException.ThrowIfNull(name);
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        var (kind, numbers) = colon < 0 ? (name, null) : (name[..colon], name[(colon + 1)..].Split(','));
        (arrivals, problem) = kind switch
        {
            Poisson when numbers is null => (new PoissonArrivals(), ""),
            Bursty => Bursts(name, numbers ?? ["3", "0.1", "100ms"]),
            Diurnal => Days(name, numbers ?? ["1.5", "20s"]),
            _ => (null, Spelling.Unknown(name, [Poisson, Bursty, Diurnal])),
        };
        return arrivals is not null;
    }

    private static (IArrivals?, string) Bursts(string name, string[] numbers) =>
        numbers.Length == 3 && Number(numbers[0], out var peak) && Number(numbers[1], out var share) && Duration.TryParse(numbers[2], out var length, out _)
        && peak > 1 && share >= LeastShare && peak * share < 1 && length.Nanoseconds >= ShortestNs
            ? (new BurstyArrivals(peak, share, length), "")
            : (null, $"found '{name}', expected {Bursty}:PEAK,SHARE,LENGTH such as {Bursty}:3,0.1,100ms: bursts of PEAK times the average rate, above 1, for a SHARE of the time, at least 1e-6 and PEAK × SHARE below 1, LENGTH each on average, at least 1ms");

    private static (IArrivals?, string) Days(string name, string[] numbers) =>
        numbers.Length == 2 && Number(numbers[0], out var peak) && Duration.TryParse(numbers[1], out var length, out _) && peak is > 1 and < 2 && length.Nanoseconds >= ShortestNs
            ? (new DiurnalArrivals(peak, length), "")
            : (null, $"found '{name}', expected {Diurnal}:PEAK,LENGTH such as {Diurnal}:1.5,20s: a day of that LENGTH with PEAK times the average rate at noon, above 1 and below 2; at least 1ms");

    private static bool Number(string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
}
