namespace Rectune.Engine.Hardware;

/// <summary>What <c>/proc/cpuinfo</c> says about the first processor; null is what it does not say.</summary>
public sealed record ProcessorText
{
    public string? Name { get; init; }

    /// <summary>Hardware threads per physical core.</summary>
    public int? ThreadsPerCore { get; init; }

    /// <summary>True when the processor is presented by a hypervisor.</summary>
    public bool Virtual { get; init; }

    public static ProcessorText Parse(string? text)
    {
        var siblings = KernelText.Number(KernelText.Field(text, "siblings"));
        var cores = KernelText.Number(KernelText.Field(text, "cpu cores"));
        var flags = KernelText.Field(text, "flags") ?? KernelText.Field(text, "Features") ?? "";
        return new ProcessorText
        {
            Name = KernelText.Field(text, "model name") is { Length: > 0 } name ? name : null,
            ThreadsPerCore = siblings is > 0 && cores is > 0 && siblings % cores == 0 ? (int)(siblings / cores) : null,
            Virtual = flags.Split(' ').Contains("hypervisor"),
        };
    }
}
