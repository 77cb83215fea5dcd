using Rectune.Engine.Hardware;
using Rectune.Engine.Profiling;
using Xunit;

namespace Rectune.Tests.Profiling;

public sealed class NoiseProbeTests
{
    /// <summary>A clock of 7 GHz, so that ticks cannot pass for nanoseconds, which advances 7 ticks with every reading.</summary>
    private sealed class OddClock : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => 7_000_000_000;

        public override long GetTimestamp() => now += 7;
    }

    [Fact]
    public void Report_KnownTimes_MatchesHandCalculation()
    {
        // 100 runs: 98 of 700 ticks (0.1 us at 7 GHz), one of 1400, one of 7700.
        var ticks = Enumerable.Repeat(700L, 98).Append(7700).Append(1400).ToArray();
        var report = NoiseProbe.Report(ticks, 7_000_000_000, 1, 0.25);
        Assert.Equal(100, report.Runs);
        Assert.Equal(0.1, report.MedianUs, 9);
        Assert.Equal(2, report.TailRatio, 9);
        Assert.Equal([1.0, 0.1, 0, 0, 0], report.WorstGapsUs.Select(g => Math.Round(g, 9)));
        Assert.Equal(0.25, report.StealShare);
    }

    [Fact]
    public void Run_ShortestDuration_StillRunsAHundredTimes()
    {
        using var cancel = new CancellationTokenSource();
        var report = new NoiseProbe(new OddClock(), new SystemFiles("/nowhere")).Run(TimeSpan.Zero, cancel.Token);
        Assert.Equal(100, report.Runs);
        Assert.Equal(0.001, report.MedianUs, 9);
        Assert.Equal(1, report.TailRatio, 9);
        Assert.Equal(1, report.ClockStepNs, 9);
        Assert.Null(report.StealShare);
    }

    [Fact]
    public void Run_Cancelled_Stops()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.Throws<OperationCanceledException>(() => new NoiseProbe(new OddClock(), new SystemFiles("/nowhere")).Run(TimeSpan.FromHours(1), cancel.Token));
    }

    [Fact]
    public void Share_TwoReadings_IsStealOverAllTime()
    {
        var before = StealText.Parse("cpu  100 0 50 800 0 0 0 10 5 0\ncpu0 1 1 1 1 1 1 1 1\n");
        var after = StealText.Parse("cpu  150 0 60 820 0 0 0 30 9 0\n");
        Assert.Equal(new StealText(10, 960), before);
        Assert.Equal(20.0 / 100, StealText.Share(before, after));
        Assert.Null(StealText.Share(before, before));
        Assert.Null(StealText.Share(null, after));
        Assert.Null(StealText.Parse(""));
        Assert.Null(StealText.Parse("cpu 1 2 3\n"));
    }
}
