using System.Globalization;

namespace Rectune.Core.Units;

/// <summary>A span of time in nanoseconds, written with a unit: <c>20ms</c>, <c>1us</c>, <c>90s</c>, <c>2min</c>.</summary>
public readonly record struct Duration(long Nanoseconds) : IComparable<Duration>
{
    private static readonly (string Suffix, double Factor)[] Suffixes =
        [("ns", 1), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("min", 60e9), ("h", 3600e9), ("s", 1e9)];

    public double Microseconds => Nanoseconds / 1e3;

    public double Milliseconds => Nanoseconds / 1e6;

    public double Seconds => Nanoseconds / 1e9;

    public static Duration FromMilliseconds(double milliseconds) => new((long)Math.Round(milliseconds * 1e6));

    public static Duration FromSeconds(double seconds) => new((long)Math.Round(seconds * 1e9));

    /// <summary>Reads a positive span with a mandatory unit. <paramref name="problem"/> says what was found and what was expected.</summary>
    public static bool TryParse(string text, out Duration value, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = default;
        foreach (var (suffix, factor) in Suffixes)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal))
            {
                continue;
            }

            var number = text.AsSpan(0, text.Length - suffix.Length).Trim();
            if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
                || !double.IsFinite(amount) || amount <= 0 || amount * factor is < 0.5 or >= long.MaxValue)
            {
                break;
            }

            value = new Duration((long)Math.Round(amount * factor));
            problem = "";
            return true;
        }

        problem = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? $"found '{text}' without a unit, expected one of ns, us, ms, s, min, h, such as 20ms"
            : $"found '{text}', expected a positive time in ns, us, ms, s, min or h, such as 20ms or 60s";
        return false;
    }

    /// <summary>Read back as exactly this: a whole number of the largest unit that divides it.</summary>
    public string Exact() => Nanoseconds % 1_000_000_000 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{Nanoseconds / 1_000_000_000}s")
        : Nanoseconds % 1_000_000 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{Nanoseconds / 1_000_000}ms")
        : Nanoseconds % 1_000 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{Nanoseconds / 1_000}us")
        : string.Create(CultureInfo.InvariantCulture, $"{Nanoseconds}ns");

    public int CompareTo(Duration other) => Nanoseconds.CompareTo(other.Nanoseconds);

    public static bool operator <(Duration left, Duration right) => left.Nanoseconds < right.Nanoseconds;

    public static bool operator >(Duration left, Duration right) => left.Nanoseconds > right.Nanoseconds;

    public static bool operator <=(Duration left, Duration right) => left.Nanoseconds <= right.Nanoseconds;

    public static bool operator >=(Duration left, Duration right) => left.Nanoseconds >= right.Nanoseconds;

    /// <summary>Four significant digits in the largest unit that keeps the number at one or above: <c>20ms</c>, <c>1.5s</c>.</summary>
    public override string ToString()
    {
        var (amount, unit) = Nanoseconds switch
        {
            >= 1_000_000_000 => (Nanoseconds / 1e9, "s"),
            >= 1_000_000 => (Nanoseconds / 1e6, "ms"),
            >= 1_000 => (Nanoseconds / 1e3, "us"),
            _ => (Nanoseconds, "ns"),
        };
        return amount.ToString("G4", CultureInfo.InvariantCulture) + unit;
    }
}
