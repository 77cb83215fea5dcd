namespace Rectune.Core.Domain;

/// <summary>Task heads over a shared top MLP.</summary>
public sealed record HeadShape
{
    /// <summary>Number of tasks, each with weights of its own.</summary>
    public required int Tasks { get; init; }

    /// <summary>Output widths of a head's layers.</summary>
    public required IReadOnlyList<int> Mlp { get; init; }
}
