namespace Rectune.Engine.Hardware;

/// <summary>Memory that can be taken now.</summary>
public static class AvailableMemory
{
    /// <summary>What the system has left or the container's limits leave, whichever is less; null when neither tells.</summary>
    public static long? Bytes(SystemFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var system = MemoryText.Parse(files.Read("/proc/meminfo")).AvailableBytes;
        var headroom = new ContainerLimits(files).MemoryHeadroomBytes();
        return system is null || headroom < system ? headroom : system;
    }
}
