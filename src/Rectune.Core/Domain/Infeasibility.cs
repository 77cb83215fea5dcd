namespace Rectune.Core.Domain;

/// <summary>Why no plan exists.</summary>
public sealed record Infeasibility
{
    /// <summary><c>memory</c>, <c>latency</c>, <c>load</c> or <c>quality</c>. Memory never reads as latency.</summary>
    public required string Binding { get; init; }

    /// <summary>What the demand would take, with its unit.</summary>
    public required string Needed { get; init; }

    /// <summary>What there is, with its unit.</summary>
    public required string Available { get; init; }

    /// <summary>The candidate that comes closest, and how close; null when nothing could be tried.</summary>
    public string? Closest { get; init; }

    public required string Advice { get; init; }
}
