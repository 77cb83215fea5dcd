using System.Globalization;

namespace Rectune.Engine.Hardware;

/// <summary>How much of some memory of this process lies in huge pages, by what Linux tells of its mappings (<c>/proc/PID/smaps</c>).</summary>
public static class HugePageUse
{
    /// <summary>Bytes of the regions that lie in huge pages; null where the system does not tell. Reads all mappings: milliseconds, more the more memory lies in small pages.</summary>
    /// <param name="files">Of this process.</param>
    /// <param name="regions">First address and bytes of each.</param>
    public static long? Bytes(SystemFiles files, IReadOnlyList<(long Start, long Bytes)> regions)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(regions);
        return files.Read("/proc/self/smaps") is { } text ? Sum(text, regions) : null;
    }

    /// <summary>A mapping may reach beyond a region: of its huge pages no more are counted than have room in the region.</summary>
    private static long? Sum(string text, IReadOnlyList<(long Start, long Bytes)> regions)
    {
        var (sum, shared, told) = (0L, 0L, false);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (TryRange(line, out var first, out var end))
            {
                shared = regions.Sum(region => Math.Max(0, Math.Min(end, region.Start + region.Bytes) - Math.Max(first, region.Start)));
            }
            else if (line.StartsWith("AnonHugePages:", StringComparison.Ordinal))
            {
                told = true;
                sum += Math.Min(shared, KernelText.Size(line["AnonHugePages:".Length..].ToString()) ?? 0);
            }
        }

        return told ? sum : null;
    }

    /// <summary>The first line of a mapping begins with its range, in hexadecimal digits: <c>7f00-8000 rw-p …</c>.</summary>
    private static bool TryRange(ReadOnlySpan<char> line, out long first, out long end)
    {
        (first, end) = (0, 0);
        var dash = line.IndexOf('-');
        var space = line.IndexOf(' ');
        return dash > 0 && space > dash
            && long.TryParse(line[..dash], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out first)
            && long.TryParse(line[(dash + 1)..space], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out end);
    }
}
