using Rectune.Core.Domain;

namespace Rectune.Cli;

/// <summary>What <c>verify --json</c> answers.</summary>
internal sealed record VerificationReport
{
    public required Promise Promise { get; init; }

    /// <summary>Rate that was driven, queries per second.</summary>
    public required double OfferedQps { get; init; }

    /// <summary>Predicted at that rate.</summary>
    public required Performance Predicted { get; init; }

    public Performance? Measured { get; init; }

    public required long Queries { get; init; }

    public required int Replications { get; init; }

    public GeneratorReport? Generator { get; init; }

    public required Verdict Verdict { get; init; }

    public long? QueriesNeeded { get; init; }

    public required string Because { get; init; }
}
