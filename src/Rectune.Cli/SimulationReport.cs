using Rectune.Core.Domain;

namespace Rectune.Cli;

/// <summary>What <c>simulate --json</c> answers.</summary>
internal sealed record SimulationReport
{
    /// <summary>The plan's path.</summary>
    public required string PathId { get; init; }

    /// <summary>In force here: the plan's, or what was asked for instead.</summary>
    public required Sla Sla { get; init; }

    public required Workload Workload { get; init; }

    /// <summary>The estimated knee under this target and workload; interval over the replications.</summary>
    public required Estimate CapacityQps { get; init; }

    /// <summary>The highest rate at which the target is predicted to be certified; nothing has certified it.</summary>
    public required Estimate PromiseQps { get; init; }

    /// <summary>By rate, ascending.</summary>
    public required IReadOnlyList<Performance> Rates { get; init; }
}
