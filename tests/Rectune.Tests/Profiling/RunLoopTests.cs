using Rectune.Core.Domain;
using Rectune.Engine.Profiling;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Profiling;

public sealed class RunLoopTests
{
    private static readonly FeatureBatch Ten = new(10, [], []);

    [Fact]
    public void Record_Steps_AreCalledInOrderAndWalkThroughThePool()
    {
        var run = new ScriptedRun();
        var recorder = new InstanceRecorder(6);
        var position = RunLoop.Record(run, recorder, Ten, position: 0, batch: 4, warmUpRuns: 2, visitTicks: long.MaxValue / 2, run.Clock);
        Assert.Equal(6, recorder.Count);
        Assert.Equal([0, 4, 0, 4, 0, 4, 0, 4], run.Starts);
        Assert.Equal(8, position);
        Assert.Equal(string.Concat(Enumerable.Repeat("abcd", 8)), run.Steps);
    }

    [Fact]
    public void Record_TimeIsOver_RecordsOneRunAtLeast()
    {
        var recorder = new InstanceRecorder(6);
        RunLoop.Record(new NullRun(), recorder, Ten, position: 0, batch: 4, warmUpRuns: 0, visitTicks: 0, TimeProvider.System);
        Assert.Equal(1, recorder.Count);
    }

    [Fact]
    public void Record_RunsThatStillGetFaster_AreWarmUp()
    {
        var run = new ScriptedRun(100, 80, 60, 58, 58, 57);
        var recorder = new InstanceRecorder(2);
        RunLoop.Record(run, recorder, Ten, position: 0, batch: 4, warmUpRuns: 2, visitTicks: long.MaxValue / 2, run.Clock);
        Assert.Equal([58, 57], [recorder[0].ServiceUs, recorder[1].ServiceUs]);
    }

    [Fact]
    public void Record_MoreRunsThanAreKept_KeepsEvenlySpreadOnesAndTheVisitsLength()
    {
        // Runs of 10, 11, 12 … µs: the second warm-up run of 11 lets 90 follow in a visit of 1 ms, were they all as long; every ninth is kept.
        var run = new ScriptedRun([.. Enumerable.Range(10, 100).Select(us => (double)us)]);
        var recorder = new InstanceRecorder(100);
        RunLoop.Record(run, recorder, Ten, position: 0, batch: 4, warmUpRuns: 2, visitTicks: 1_000_000, run.Clock, keptRuns: 10);
        Assert.Equal([12, 21, 30, 39], Enumerable.Range(0, recorder.Count).Select(i => recorder[i].ServiceUs));
        Assert.Equal(1000, recorder.LengthUs, 50.0);
    }

    [Fact]
    public void Record_FirstRunTakesTheVisit_OneWarmUpIsEnough()
    {
        var run = new ScriptedRun();
        var recorder = new InstanceRecorder(6);
        RunLoop.Record(run, recorder, Ten, position: 0, batch: 4, warmUpRuns: 3, visitTicks: 0, TimeProvider.System);
        Assert.Equal((1, 2), (recorder.Count, run.Starts.Count));
    }

    [Fact]
    public void Record_FirstVisitOfLongRuns_RecordsNoneThatTouchesItsMemoryForTheFirstTime()
    {
        var run = new ScriptedRun(60_000, 50_000, 12_000);
        var recorder = new InstanceRecorder(6);
        RunLoop.Record(run, recorder, Ten, position: 0, batch: 4, warmUpRuns: 2, visitTicks: 12_000_000, run.Clock, firstVisit: true);
        Assert.Equal((1, 12_000), (recorder.Count, recorder[0].ServiceUs));
    }

    [Fact]
    public void Record_MoreRuns_AllocateNoMore()
    {
        // Reading what the thread waited for a core is a text of the system's, once before and once after.
        var (few, many, run) = (new InstanceRecorder(10), new InstanceRecorder(1_000), new NullRun());
        Assert.Equal(Allocation.Of(() => Record(few)), Allocation.Of(() => Record(many)));

        void Record(InstanceRecorder recorder) => RunLoop.Record(run, recorder, Ten, 0, 4, 2, long.MaxValue / 2, TimeProvider.System);
    }

    [Fact]
    public void Measure_Overhead_HoldsThePartWithinTheServiceTime()
    {
        var overhead = MeasuringOverhead.Measure(TimeProvider.System);
        Assert.True(overhead.PerRunUs > 0);
        Assert.InRange(overhead.InServiceUs, 0, overhead.PerRunUs);
    }

    /// <param name="lengthsUs">Of the runs, by a clock of its own.</param>
    private sealed class ScriptedRun(params double[] lengthsUs) : IMeasuredRun
    {
        public StillClock Clock { get; } = StillClock.AtNewYear();

        public List<int> Starts { get; } = [];

        public string Steps { get; private set; } = "";

        public void Prepare(FeatureBatch source, int start, int count)
        {
            Clock.Advance((lengthsUs.Length > Starts.Count ? lengthsUs[Starts.Count] : 1) / 1e6);
            Starts.Add(start);
            Steps += "a";
        }

        public void Pool() => Steps += "b";

        public void Score() => Steps += "c";

        public void CopyOut() => Steps += "d";
    }
}
