using System.Globalization;

namespace Rectune.Engine.Profiling;

/// <summary>The first line of <c>/proc/stat</c>: time of all cores since the start, in ticks.</summary>
/// <param name="Idle">Idle, waiting for devices, or in the hands of other machines.</param>
/// <param name="Total">All of it.</param>
internal readonly record struct CpuTimes(long Idle, long Total)
{
    /// <summary>user nice system idle iowait irq softirq steal; guests are within user.</summary>
    private const int Fields = 8;

    private const int IdleField = 3;

    private const int WaitField = 4;

    private const int StealField = 7;

    /// <summary>Null where there is no such line.</summary>
    public static CpuTimes? Parse(string? stat)
    {
        var line = stat?.Split('\n').FirstOrDefault(l => l.StartsWith("cpu ", StringComparison.Ordinal));
        var fields = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
        if (fields is null || fields.Length < Fields)
        {
            return null;
        }

        var ticks = new long[Fields];
        for (var i = 0; i < Fields; i++)
        {
            if (!long.TryParse(fields[i], NumberStyles.None, CultureInfo.InvariantCulture, out ticks[i]))
            {
                return null;
            }
        }

        return new CpuTimes(ticks[IdleField] + ticks[WaitField] + ticks[StealField], ticks.Sum());
    }

    /// <summary>Share of the time between two readings that the cores were busy; null without both.</summary>
    public static double? BusyShare(CpuTimes? before, CpuTimes? after) =>
        before is { } first && after is { } last && last.Total > first.Total ? 1 - ((double)(last.Idle - first.Idle) / (last.Total - first.Total)) : null;
}
