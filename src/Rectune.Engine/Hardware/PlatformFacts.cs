namespace Rectune.Engine.Hardware;

/// <summary>Facts that decide how far measurements here can be trusted; null is what the system does not show.</summary>
public sealed record PlatformFacts
{
    /// <summary>Policy for the clock frequency, such as <c>performance</c> or <c>powersave</c>.</summary>
    public string? Governor { get; init; }

    public string? Hypervisor { get; init; }

    /// <summary>Where the kernel takes the time from, such as <c>tsc</c>.</summary>
    public string? ClockSource { get; init; }

    /// <summary>Length of one tick of the clock that measurements use, nanoseconds.</summary>
    public required double TickNs { get; init; }

    /// <summary>Cores' worth of processor time that the container may use; null without a limit.</summary>
    public double? CpuQuota { get; init; }

    public static PlatformFacts Read(SystemFiles files, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(time);
        return new PlatformFacts
        {
            Governor = files.Read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
            Hypervisor = Hardware.Hypervisor.Detect(ProcessorText.Parse(files.Read("/proc/cpuinfo")).Virtual),
            ClockSource = files.Read("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
            TickNs = 1e9 / time.TimestampFrequency,
            CpuQuota = new ContainerLimits(files).CpuQuota(),
        };
    }
}
