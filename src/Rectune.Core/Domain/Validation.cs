namespace Rectune.Core.Domain;

/// <summary>A plan's promise held against live load.</summary>
public sealed record Validation
{
    public required Verdict Verdict { get; init; }

    /// <summary>What was measured; null when not run.</summary>
    public Performance? Measured { get; init; }

    /// <summary>Queries judged, over all replications.</summary>
    public required long Queries { get; init; }

    public required int Replications { get; init; }

    /// <summary>Null when not run.</summary>
    public GeneratorReport? Generator { get; init; }

    /// <summary>Estimate of the further queries that would decide; null unless inconclusive.</summary>
    public long? QueriesNeeded { get; init; }

    /// <summary>What the verdict rests on, in one sentence.</summary>
    public required string Because { get; init; }

    public static Validation NotRun(string because) =>
        new() { Verdict = Verdict.NotRun, Queries = 0, Replications = 0, Because = because };
}
