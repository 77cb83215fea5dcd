using System.Globalization;

namespace Rectune.Engine.Hardware;

/// <summary>Files and connections that this process has open, and may have.</summary>
public static class OpenFiles
{
    private const string LimitName = "Max open files";

    /// <summary>Most at once, by the limit that holds now (getrlimit(2), RLIMIT_NOFILE, which the runtime has raised as far as it may); null where there is none or the system does not tell.</summary>
    public static long? Limit(SystemFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var line = files.Read("/proc/self/limits")?.Split('\n').FirstOrDefault(text => text.StartsWith(LimitName, StringComparison.Ordinal));
        var soft = line?[LimitName.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }

    /// <summary>How many are open; null where the system does not tell.</summary>
    public static int? Count(SystemFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return files.Entries("/proc/self/fd");
    }
}
