namespace Rectune.Core.Domain;

/// <summary>What is known of a machine's fitness for measuring; null is what the system does not tell.</summary>
public sealed record FitnessFacts
{
    /// <summary>Frequency governors of the cores, each once.</summary>
    public IReadOnlyList<string>? Governors { get; init; }

    /// <summary>Share of all cores' time that processes other than this one took while it waited, 0 … 1.</summary>
    public double? OtherLoadShare { get; init; }

    /// <summary>Share of all cores' time that the hypervisor gave to others, 0 … 1.</summary>
    public double? StealShare { get; init; }

    /// <summary>99th percentile over the median of a fixed piece of work.</summary>
    public double? TailRatio { get; init; }

    /// <summary>Bytes of memory that lie in swap.</summary>
    public long? SwapBytes { get; init; }

    /// <summary>Times that cores were slowed for their heat since the system started.</summary>
    public long? ThrottleCount { get; init; }
}
