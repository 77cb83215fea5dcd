namespace Rectune.Engine.Hardware;

/// <summary>
/// Limits that control groups put on this process, versions 1 and 2. Every group from the process's own up to the root counts, the tightest one holds.
/// </summary>
public sealed class ContainerLimits
{
    /// <summary>Version 1 writes "no limit" as the largest multiple of a page.</summary>
    private const long Unlimited = 1L << 60;

    private readonly SystemFiles files;
    private readonly List<string> unified;
    private readonly List<string> memory;
    private readonly List<string> cpu;

    public ContainerLimits(SystemFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        this.files = files;
        var groups = files.Read("/proc/self/cgroup");
        unified = [.. Chain("/sys/fs/cgroup", GroupOf(groups, "")), .. Chain("/sys/fs/cgroup/unified", GroupOf(groups, ""))];
        memory = Chain("/sys/fs/cgroup/memory", GroupOf(groups, "memory"));
        cpu = [.. Chain("/sys/fs/cgroup/cpu", GroupOf(groups, "cpu")), .. Chain("/sys/fs/cgroup/cpu,cpuacct", GroupOf(groups, "cpu"))];
    }

    /// <summary>Cores' worth of time a wall second; null without a limit.</summary>
    public double? CpuQuota()
    {
        var quotas = new List<double>();
        foreach (var folder in unified)
        {
            // "max 100000" or "150000 100000": microseconds of processor time in a period.
            if (files.Read(folder + "/cpu.max")?.Split(' ') is [var quota, var period])
            {
                Add(quotas, quota, period);
            }
        }

        foreach (var folder in cpu)
        {
            Add(quotas, files.Read(folder + "/cpu.cfs_quota_us"), files.Read(folder + "/cpu.cfs_period_us"));
        }

        return quotas.Count > 0 ? quotas.Min() : null;
    }

    /// <summary>Bytes; null without a limit.</summary>
    public long? MemoryLimitBytes() => Lowest(Groups().Select(g => g.Limit));

    /// <summary>Bytes left below the limits, memory that the kernel can take back counted as free; null without a limit.</summary>
    public long? MemoryHeadroomBytes() => Lowest(Groups().Select(g => g.Limit is { } limit && g.Used is { } used ? Math.Max(0, limit - used) : g.Limit));

    /// <summary>Path of the process's group under a controller's name, empty for version 2; null when there is none.</summary>
    private static string? GroupOf(string? text, string controller)
    {
        foreach (var line in (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // hierarchy:controllers:path
            if (line.Split(':', 3) is [_, var controllers, var path] && controllers.Split(',').Contains(controller))
            {
                return path.Trim();
            }
        }

        return null;
    }

    private static long? Lowest(IEnumerable<long?> values) => values.Where(v => v is < Unlimited).Min();

    private static void Add(List<double> quotas, string? quota, string? period)
    {
        if (KernelText.Number(quota) is > 0 and var time && KernelText.Number(period) is > 0 and var every)
        {
            quotas.Add((double)time / every);
        }
    }

    /// <summary>Folders from the process's group to the root of the hierarchy. A path of the host that is not mounted here is skipped when read.</summary>
    private static List<string> Chain(string mount, string? group)
    {
        var folders = new List<string>();
        for (var path = group ?? ""; path.Length > 1; path = path[..path.LastIndexOf('/')])
        {
            folders.Add(mount + path);
        }

        folders.Add(mount);
        return folders;
    }

    private IEnumerable<(long? Limit, long? Used)> Groups()
    {
        foreach (var folder in unified)
        {
            yield return Group(folder, "/memory.max", "/memory.current", "inactive_file");
        }

        foreach (var folder in memory)
        {
            yield return Group(folder, "/memory.limit_in_bytes", "/memory.usage_in_bytes", "total_inactive_file");
        }
    }

    private (long? Limit, long? Used) Group(string folder, string limit, string used, string reclaimable) =>
        (KernelText.Number(files.Read(folder + limit)),
            KernelText.Number(files.Read(folder + used)) - (KernelText.Number(KernelText.Field(files.Read(folder + "/memory.stat"), reclaimable)) ?? 0));
}
