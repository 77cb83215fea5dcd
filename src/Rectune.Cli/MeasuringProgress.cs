using Rectune.Core.Planning;
using Rectune.Engine.Profiling;

namespace Rectune.Cli;

/// <summary>
/// Measuring as the first half of planning. A search measures in turns of a few cells: how far it is says the time that was measured, of the share of the budget that it has at most, which only grows.
/// Generating rows takes none of the budget.
/// </summary>
/// <param name="mostSeconds">For measuring.</param>
/// <param name="budgetSeconds">For all.</param>
internal sealed class MeasuringProgress(IProgress<PlanningProgress> whole, double mostSeconds, double budgetSeconds, TimeProvider clock) : IProgress<ProfilingProgress>
{
    private const double Share = 0.5;

    private double measuredSeconds;
    private long? measuringSince;

    public void Report(ProfilingProgress value)
    {
        var now = clock.GetTimestamp();
        if (measuringSince is { } before)
        {
            measuredSeconds += clock.GetElapsedTime(before, now).TotalSeconds;
        }

        measuringSince = value.RemainingSeconds is null ? null : now;
        whole.Report(new PlanningProgress(
            $"{value.Stage} ({value.Settled} of {value.Cells})",
            Share * Math.Min(1, measuredSeconds / mostSeconds),
            value.RemainingSeconds is null ? null : budgetSeconds - Math.Min(measuredSeconds, mostSeconds)));
    }
}
