namespace Rectune.Engine.Hardware;

/// <summary>What <c>/proc/meminfo</c> says, in bytes; null is what it does not say.</summary>
public sealed record MemoryText(long? TotalBytes, long? AvailableBytes)
{
    public static MemoryText Parse(string? text) =>
        new(KernelText.Size(KernelText.Field(text, "MemTotal")), KernelText.Size(KernelText.Field(text, "MemAvailable")));
}
