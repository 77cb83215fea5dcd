using Rectune.Core.Domain;

namespace Rectune.Engine.Profiling;

/// <summary>The fields of a profile key that are the same for every measurement of a profiler.</summary>
public sealed record MeasuredContext
{
    /// <summary>Key of the index skew of the pool.</summary>
    public required string Skew { get; init; }

    public required string ModelSha256 { get; init; }

    public required string Weights { get; init; }

    public required string MachineFingerprint { get; init; }

    public required string RuntimeFingerprint { get; init; }

    /// <summary>Null where one process measures everything.</summary>
    public LaunchPlace? Launch { get; init; }
}
