using Rectune.Cli;
using Rectune.Core.Planning;
using Rectune.Engine.Profiling;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class MeasuringProgressTests
{
    [Fact]
    public void Report_TurnsOfFewCells_GrowsWithTheTimeMeasuredAndGeneratingIsNone()
    {
        var clock = StillClock.AtNewYear();
        var seen = new List<PlanningProgress>();
        var progress = new MeasuringProgress(new Collector(seen), mostSeconds: 20, budgetSeconds: 60, clock);
        foreach (var (seconds, settled, cells, remaining) in new (double, int, int, double?)[]
        {
            (0, 0, 9, null), (100, 0, 9, 5), (5, 9, 9, 0), (0, 0, 3, null), (50, 0, 3, 10), (10, 3, 3, 0), (20, 0, 1, 1), (1, 1, 1, 0),
        })
        {
            clock.Advance(seconds);
            progress.Report(new ProfilingProgress("measuring", settled, cells, remaining));
        }

        Assert.Equal([0, 0, 0.125, 0.125, 0.125, 0.375, 0.5, 0.5], seen.Select(value => Math.Round(value.Fraction, 9)));
        Assert.Equal([null, 60, 55, null, 55, 45, 40, 40], seen.Select(value => value.RemainingSeconds));
        Assert.Equal("measuring (9 of 9)", seen[2].Stage);
    }

    private sealed class Collector(List<PlanningProgress> seen) : IProgress<PlanningProgress>
    {
        public void Report(PlanningProgress value) => seen.Add(value);
    }
}
