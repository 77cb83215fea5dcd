namespace Rectune.Core.Domain;

/// <summary>Cache capacities in bytes; null when the machine does not tell.</summary>
public sealed record CacheSizes
{
    /// <summary>Of one core.</summary>
    public long? L1DataBytes { get; init; }

    /// <summary>Of one core.</summary>
    public long? L2Bytes { get; init; }

    /// <summary>As shared by the cores that this process may use.</summary>
    public long? L3Bytes { get; init; }
}
