namespace Rectune.Core.Domain;

/// <summary>The hardware and software a number belongs to.</summary>
public sealed record Machine
{
    public required string Id { get; init; }

    /// <summary>SHA-256 over what makes measurements comparable: processor, cores, caches, instruction sets, memory, devices, system.</summary>
    public required string Fingerprint { get; init; }

    public required Cpu Cpu { get; init; }

    public required CacheSizes Caches { get; init; }

    /// <summary>Physical memory in bytes, or the container's limit where that is lower.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Devices that a path can name: <c>cpu</c> first.</summary>
    public required IReadOnlyList<Device> Devices { get; init; }

    public required RuntimeVersions Runtime { get; init; }
}
