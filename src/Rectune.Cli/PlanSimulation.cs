using Rectune.Core.Domain;
using Rectune.Core.Planning;
using Rectune.Core.Search;
using Rectune.Core.Units;
using Rectune.Engine.Hardware;

namespace Rectune.Cli;

/// <summary>Simulates a plan from its file alone, on whatever machine it was made for.</summary>
internal static class PlanSimulation
{
    /// <summary>Default of a plan's budget: what its live load certifies is what is predicted here.</summary>
    public static Duration UsualBudget { get; } = Duration.FromSeconds(90);

    /// <param name="sla">The plan's, or another.</param>
    /// <param name="load">The plan's, or another.</param>
    public static PathEvaluator Of(Plan plan, Sla sla, QueryLoad load)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(load);
        var request = new PlanRequest
        {
            Model = plan.Model,
            Machine = plan.Machines[0],
            Sla = sla,
            Workload = load.With(plan.Workload.Skew),
            MemoryLimitBytes = long.MaxValue,
            MemoryLimitBy = "the plan",
            BudgetSeconds = UsualBudget.Seconds,
            Seed = plan.Seed,
            Version = MachineDetector.RectuneVersion(),
            Arrivals = load.Arrivals,
            Sizes = load.Sizes,
        };
        return new PathEvaluator(request, SearchSpace.ForCpu(plan.Machines[0].Cpu.Cores));
    }
}
