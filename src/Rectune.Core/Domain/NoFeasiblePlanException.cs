namespace Rectune.Core.Domain;

/// <summary>No path meets the demands: what binds, by how much, and the closest candidate. Exit code 10.</summary>
public sealed class NoFeasiblePlanException(Infeasibility infeasibility) : Exception(Describe(infeasibility))
{
    public Infeasibility Infeasibility { get; } = infeasibility;

    private static string Describe(Infeasibility infeasibility)
    {
        ArgumentNullException.ThrowIfNull(infeasibility);
        var closest = infeasibility.Closest is null ? "" : $" Closest: {infeasibility.Closest}.";
        return $"No feasible plan: {infeasibility.Binding} binds. Needed {infeasibility.Needed}, available {infeasibility.Available}.{closest} {infeasibility.Advice}";
    }
}
