namespace Rectune.Core.Domain;

/// <summary>What to deploy, what it stands for, and where every number came from (<c>rectune.plan/1</c>).</summary>
public sealed record Plan
{
    public const string SchemaName = "rectune.plan/1";

    public required string Schema { get; init; }

    /// <summary>SHA-256 over the canonical text of the plan without this member: an altered plan is refused.</summary>
    public required string Sha256 { get; init; }

    public required PlanModel Model { get; init; }

    public required Sla Sla { get; init; }

    public required Workload Workload { get; init; }

    public required ulong Seed { get; init; }

    /// <summary><c>correct</c>, <c>goodput</c> or <c>cost</c>.</summary>
    public required string Objective { get; init; }

    /// <summary>What the command that made the plan was told and what was built into it, by names as in <c>rectune.json</c>; null where the plan does not say.</summary>
    public IReadOnlyDictionary<string, string>? Asked { get; init; }

    public required Promise Promise { get; init; }

    /// <summary>The estimated knee, not the promise: the rate at which the percentile is expected to reach the limit.</summary>
    public required Estimate CapacityQps { get; init; }

    public required IReadOnlyList<Machine> Machines { get; init; }

    /// <summary>The chosen paths.</summary>
    public required IReadOnlyList<ServingPath> Paths { get; init; }

    public required SchedulerSettings Scheduler { get; init; }

    /// <summary>Before any live load: where that differed, the path's service curve carries what it showed, and the capacity is simulated with it.</summary>
    public required Performance Predicted { get; init; }

    public required Validation Validated { get; init; }

    /// <summary>The Pareto set over goodput, quality and memory, the chosen one first, then by goodput.</summary>
    public required IReadOnlyList<FrontierEntry> Frontier { get; init; }

    public required PlanProvenance Provenance { get; init; }

    /// <summary>The paths' identities, joined where there are several.</summary>
    public string PathId() => string.Join(" + ", Paths.Select(path => path.Id));
}
