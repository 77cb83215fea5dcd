using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Engine.Hardware;

namespace Rectune.Engine.Profiling;

/// <summary>Gathers what the system tells of a machine's fitness for measuring; takes about a second.</summary>
/// <param name="clock">Times the probe.</param>
/// <param name="files">Where the system tells.</param>
public sealed class FitnessProbe(TimeProvider clock, SystemFiles files)
{
    private const string CpuFolder = "/sys/devices/system/cpu";

    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Noise = TimeSpan.FromMilliseconds(500);

    public FitnessFacts Measure(int cores, CancellationToken cancellation)
    {
        var before = CpuTimes.Parse(files.Read("/proc/stat"));
        cancellation.WaitHandle.WaitOne(Idle);
        var after = CpuTimes.Parse(files.Read("/proc/stat"));
        var noise = new NoiseProbe(clock, files).Run(Noise, cancellation);
        var perCore = Enumerable.Range(0, cores).ToArray();
        var governors = perCore.Select(core => files.Read(Core(core, "cpufreq/scaling_governor"))?.Trim()).OfType<string>().Distinct().ToArray();
        var throttled = perCore.Select(core => Number(files.Read(Core(core, "thermal_throttle/core_throttle_count")))).ToArray();
        return new FitnessFacts
        {
            Governors = governors.Length == 0 ? null : governors,
            OtherLoadShare = CpuTimes.BusyShare(before, after),
            StealShare = noise.StealShare,
            TailRatio = noise.TailRatio,
            SwapBytes = Swapped(files.Read("/proc/meminfo")),
            ThrottleCount = throttled.All(count => count is null) ? null : throttled.Sum(),
        };
    }

    private static string Core(int core, string file) => string.Create(CultureInfo.InvariantCulture, $"{CpuFolder}/cpu{core}/{file}");

    private static long? Number(string? text) => long.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static long? Swapped(string? meminfo)
    {
        var (total, free) = (KiB(meminfo, "SwapTotal:"), KiB(meminfo, "SwapFree:"));
        return total is null || free is null ? null : (total - free) * 1024;
    }

    private static long? KiB(string? meminfo, string name) =>
        Number(meminfo?.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Replace("kB", "", StringComparison.Ordinal));
}
