namespace Rectune.Core.Domain;

/// <summary>A search space as it is written down: what may vary, and why just that.</summary>
public sealed record SpaceDescription
{
    public const string SchemaName = "rectune.space/1";

    public required string Schema { get; init; }

    public required string Name { get; init; }

    /// <summary>What the space is for, and why it holds what it holds.</summary>
    public required string Why { get; init; }

    /// <summary>Values joined by commas, by knob; a knob that is absent keeps what the default space gives it.</summary>
    public required IReadOnlyDictionary<string, string> Knobs { get; init; }
}
