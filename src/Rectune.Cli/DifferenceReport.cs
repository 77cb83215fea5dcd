using Rectune.Core.Planning;

namespace Rectune.Cli;

/// <summary>What <c>diff --json</c> answers.</summary>
internal sealed record DifferenceReport
{
    public required IReadOnlyList<PlanDifference> Lines { get; init; }
}
