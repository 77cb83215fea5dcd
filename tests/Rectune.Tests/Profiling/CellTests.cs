using Rectune.Engine.Profiling;
using Xunit;

namespace Rectune.Tests.Profiling;

public sealed class CellTests
{
    [Fact]
    public void Take_ThreadsWaitedLongerThanInOtherVisits_AllRunsOfTheVisitAreDisturbed()
    {
        var cell = new Cell(null!, 16);
        cell.Take([Visit(runs: 10, waitedMs: 0.02)], null, slowed: false);
        cell.Take([Visit(runs: 10, waitedMs: 0.05)], null, slowed: false);
        Assert.Equal(20, cell.Undisturbed);
        cell.Take([Visit(runs: 10, waitedMs: 0.4), Visit(runs: 10, waitedMs: 0)], null, slowed: false);
        Assert.Equal((20, 40), (cell.Undisturbed, cell.Runs));
    }

    [Fact]
    public void Take_FirstVisitWaited_IsFoundOutByALaterOneThatDidNot()
    {
        var cell = new Cell(null!, 16);
        cell.Take([Visit(runs: 10, waitedMs: 0.4)], null, slowed: false);
        Assert.Equal(10, cell.Undisturbed);
        cell.Take([Visit(runs: 10, waitedMs: 0.01)], null, slowed: false);
        Assert.Equal((10, 20), (cell.Undisturbed, cell.Runs));
    }

    [Fact]
    public void Take_MachineWasSlow_AllRunsOfTheVisitAreDisturbed()
    {
        var cell = new Cell(null!, 16);
        cell.Take([Visit(runs: 3, waitedMs: null)], null, slowed: true);
        cell.Take([Visit(runs: 4, waitedMs: null)], null, slowed: false);
        Assert.Equal((4, 7), (cell.Undisturbed, cell.Runs));
    }

    /// <summary>Runs of 100 µs.</summary>
    private static InstanceRecorder Visit(int runs, double? waitedMs)
    {
        var recorder = new InstanceRecorder(runs) { RunQueueDelayMs = waitedMs, LengthUs = 100 * runs };
        for (var i = 0; i < runs; i++)
        {
            recorder.Add(new RunRecord(10, 20, 80, 10, Disturbed: false));
        }

        return recorder;
    }
}
