namespace Rectune.Core.Domain;

/// <summary>A path that no other beats on goodput, quality and memory at once, or the closest candidate when none is feasible.</summary>
public sealed record FrontierEntry
{
    public required string PathId { get; init; }

    public required Configuration Configuration { get; init; }

    public required int MaxBatch { get; init; }

    public required int SplitSamples { get; init; }

    /// <summary>Highest rate at which the target is predicted to be certified.</summary>
    public required Estimate PromiseQps { get; init; }

    public required Quality Quality { get; init; }

    public required long MemoryBytes { get; init; }

    public required int Cores { get; init; }

    public required bool Chosen { get; init; }

    /// <summary>Why it was chosen or not, in one sentence.</summary>
    public required string Why { get; init; }
}
