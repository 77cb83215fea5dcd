using Rectune.Core.Domain;
using Rectune.Core.Planning;
using Rectune.Core.Search;
using Rectune.Core.Workloads;
using Rectune.Engine.Hardware;

namespace Rectune.Cli;

/// <summary>Simulates a plan from its file alone, on whatever machine it was made for.</summary>
internal static class PlanSimulation
{
    /// <param name="sla">The plan's, or another.</param>
    /// <param name="sizes">Other query sizes; null takes the plan's.</param>
    public static PathEvaluator Of(Plan plan, Sla sla, IQuerySizes? sizes = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        sizes ??= QuerySizeCatalog.TryParse(plan.Workload.Sizes, out var planned, out var problem)
            ? planned
            : throw new InvalidInputException("$.workload.sizes", problem, "plan again with this version");
        var request = new PlanRequest
        {
            Model = plan.Model,
            Machine = plan.Machines[0],
            Sla = sla,
            Workload = plan.Workload with { Sizes = sizes.Name },
            MemoryLimitBytes = long.MaxValue,
            MemoryLimitBy = "the plan",
            BudgetSeconds = LoadReplications.LongestSeconds,
            Seed = plan.Seed,
            Version = MachineDetector.RectuneVersion(),
            Sizes = sizes,
        };
        return new PathEvaluator(request, SearchSpace.ForCpu(plan.Machines[0].Cpu.Cores));
    }
}
