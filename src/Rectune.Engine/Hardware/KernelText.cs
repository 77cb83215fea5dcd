using System.Globalization;

namespace Rectune.Engine.Hardware;

/// <summary>The small formats in which Linux writes facts.</summary>
public static class KernelText
{
    /// <summary>A list such as <c>0-2,5</c> as numbers; empty when malformed.</summary>
    public static IReadOnlyList<int> List(string? text)
    {
        var numbers = new List<int>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || Number(ends[0]) is not { } first || Number(ends[^1]) is not { } last || last < first || last - first > 1 << 16)
            {
                return [];
            }

            numbers.AddRange(Enumerable.Range((int)first, (int)(last - first + 1)));
        }

        return numbers;
    }

    /// <summary>A size such as <c>32K</c> or <c>8192 kB</c> in bytes; null when malformed.</summary>
    public static long? Size(string? text)
    {
        var trimmed = (text ?? "").Trim();
        var digits = trimmed.TakeWhile(char.IsAsciiDigit).Count();
        var factor = trimmed[digits..].Trim() switch
        {
            "" or "B" => 1L,
            "K" or "kB" or "KiB" => 1L << 10,
            "M" or "MB" or "MiB" => 1L << 20,
            "G" or "GB" or "GiB" => 1L << 30,
            _ => 0L,
        };
        return factor > 0 && Number(trimmed[..digits]) is { } number && number <= long.MaxValue / factor ? number * factor : null;
    }

    /// <summary>A whole number of zero or more; null when malformed.</summary>
    public static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Value of the first <c>key: value</c>, <c>key=value</c> or <c>key value</c> line; null when there is none.</summary>
    public static string? Field(string? text, string key)
    {
        foreach (var line in (text ?? "").Split('\n'))
        {
            var end = line.AsSpan().IndexOfAny(':', '=');
            end = end < 0 ? line.AsSpan().IndexOf(' ') : end;
            if (end > 0 && line.AsSpan(0, end).Trim().SequenceEqual(key))
            {
                return line[(end + 1)..].Trim();
            }
        }

        return null;
    }
}
