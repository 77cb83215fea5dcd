namespace Rectune.Core.Domain;

/// <summary>Something that can run a path.</summary>
public sealed record Device
{
    /// <summary><c>cpu</c>, <c>cuda:0</c>, …</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required long MemoryBytes { get; init; }

    /// <summary>False when the device exists but no runtime here can use it.</summary>
    public required bool Usable { get; init; }

    /// <summary>Why the device cannot be used and what would mend it; null when it can.</summary>
    public string? Why { get; init; }
}
