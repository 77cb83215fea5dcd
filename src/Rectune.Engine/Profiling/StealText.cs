using Rectune.Engine.Hardware;

namespace Rectune.Engine.Profiling;

/// <summary>Processor time as <c>/proc/stat</c> counts it since the start, all processors, in the kernel's ticks.</summary>
/// <param name="Steal">Time that the hypervisor gave to others.</param>
/// <param name="Total">Every kind of time, idle included.</param>
public sealed record StealText(long Steal, long Total)
{
    /// <summary>Null when the text has no such line.</summary>
    public static StealText? Parse(string? text)
    {
        // cpu user nice system idle iowait irq softirq steal guest guest_nice; guest time is already in user.
        var fields = KernelText.Field(text, "cpu")?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields is not { Length: >= 8 })
        {
            return null;
        }

        var counts = Array.ConvertAll(fields[..8], f => KernelText.Number(f) ?? 0);
        return new StealText(counts[7], counts.Sum());
    }

    /// <summary>Share of the time between two readings; null when either is missing or no time passed.</summary>
    public static double? Share(StealText? before, StealText? after) =>
        before is not null && after is not null && after.Total > before.Total ? (double)(after.Steal - before.Steal) / (after.Total - before.Total) : null;
}
