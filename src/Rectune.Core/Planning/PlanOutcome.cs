using Rectune.Core.CostModels;
using Rectune.Core.Domain;

namespace Rectune.Core.Planning;

/// <summary>A plan with what a person may want to know about how it was found.</summary>
public sealed record PlanOutcome
{
    public required Plan Plan { get; init; }

    /// <summary>Every evaluated path with why it was or was not chosen, by promise.</summary>
    public required IReadOnlyList<FrontierEntry> Considered { get; init; }

    /// <summary>What service times of paths that were not measured are predicted by, and how well; fitted when asked for.</summary>
    public required Lazy<PathModelChoice> ServiceTimes { get; init; }

    /// <summary>Live runs in order, each with its rate and verdict.</summary>
    public required IReadOnlyList<string> Attempts { get; init; }
}
