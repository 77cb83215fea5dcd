using Rectune.Core.Domain;
using Rectune.Engine.Load.Http;

namespace Rectune.Cli;

/// <summary>One rate that was driven.</summary>
internal sealed record BenchRate
{
    /// <summary>Queries per second.</summary>
    public required double OfferedQps { get; init; }

    public required Verdict Verdict { get; init; }

    public Performance? Measured { get; init; }

    /// <summary>Queries judged.</summary>
    public required long Queries { get; init; }

    public required int Replications { get; init; }

    public GeneratorReport? Generator { get; init; }

    public required ClientReport Client { get; init; }

    public long? QueriesNeeded { get; init; }

    public required string Because { get; init; }
}
