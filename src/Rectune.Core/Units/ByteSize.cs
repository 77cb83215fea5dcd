using System.Globalization;

namespace Rectune.Core.Units;

/// <summary>An amount of memory in bytes, written with a unit: <c>8GiB</c>, <c>500MB</c>, <c>64B</c>.</summary>
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>
{
    private static readonly (string Suffix, long Factor)[] Suffixes =
    [
        ("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10),
        ("TB", 1_000_000_000_000L), ("GB", 1_000_000_000L), ("MB", 1_000_000L), ("KB", 1_000L), ("B", 1L),
    ];

    /// <summary>Reads an amount with a mandatory unit. <paramref name="problem"/> says what was found and what was expected.</summary>
    public static bool TryParse(string text, out ByteSize value, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = default;
        foreach (var (suffix, factor) in Suffixes)
        {
            if (!text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var number = text.AsSpan(0, text.Length - suffix.Length).Trim();
            if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
                || !double.IsFinite(amount) || amount * factor >= long.MaxValue)
            {
                break;
            }

            value = new ByteSize((long)Math.Round(amount * factor));
            problem = "";
            return true;
        }

        problem = $"found '{text}', expected a size with a unit, such as 8GiB or 500MB";
        return false;
    }

    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;

    /// <summary>Three significant digits in binary units: <c>2.01GiB</c>.</summary>
    public override string ToString()
    {
        foreach (var (suffix, factor) in Suffixes.AsSpan(0, 4))
        {
            if (Bytes >= factor)
            {
                var amount = (double)Bytes / factor;

                // 1000 to 1023 have four digits before the point; G3 would turn to powers of ten.
                return amount.ToString(amount >= 999.5 ? "F0" : "G3", CultureInfo.InvariantCulture) + suffix;
            }
        }

        return Bytes.ToString(CultureInfo.InvariantCulture) + "B";
    }
}
