using Rectune.Core.Domain;
using Rectune.Core.Scheduling;
using Rectune.Engine.Serving;
using Rectune.Engine.Sessions;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving;

public sealed class ServerUseTests
{
    private const int Samples = 16;

    private readonly Scheduler scheduler = new(Settings(plannedUs: 100));
    private readonly Run[] runs = [new(Samples), new(Samples)];

    [Fact]
    public void Ended_RunsAsPlanned_CountsThemByHand()
    {
        var use = Use();
        Serve(use, seconds: 40, tookNs: 100_000);

        var path = Assert.Single(use.At(40_000_000_000, _ => 3));
        Assert.Equal(1_600, path.Runs);
        Assert.Equal(1_600 * Samples, path.Samples);
        Assert.Equal(1_600, path.Queries);
        Assert.Equal((1_600, 0), (path.GoodQueries, path.Misses));
        Assert.Equal((3, 50, 20), (path.WaitingParts, path.CacheLookups, path.CacheHits));
        Assert.Equal([0, 0, 0, 0, 1_600, 0, 0, 0, 0, 0, 0, 0, 0], path.RunsByBatch);
        Assert.Equal(1_600, path.RunTimes.Counts[0]);
        Assert.Equal(0.16, path.RunTimes.SumSeconds, 1e-9);
        Assert.Equal(DriftState.AsPlanned, path.Drift!.State);
    }

    [Fact]
    public void Ended_RunsEightTimesAsLong_IsADriftAndAMiss()
    {
        // Instances that are busy for a sixtieth of their time may be cold, which explains nearly four times.
        var use = Use();
        Serve(use, seconds: 41, tookNs: 800_000);

        var path = Assert.Single(use.At(41_000_000_000, _ => 0));
        Assert.Equal((0, 1_640), (path.GoodQueries, path.Misses));
        Assert.Equal(DriftState.Slower, path.Drift!.State);
        Assert.InRange(path.Drift.Ratio!.Value, 1.95, 2.2);
    }

    [Fact]
    public void Ended_RunsAfterAPause_SayNothingOfThePlan()
    {
        var use = Use();
        Serve(use, seconds: 41, tookNs: 300_000, follows: false);

        var path = Assert.Single(use.At(41_000_000_000, _ => 0));
        Assert.Equal(1_640, path.Runs);
        Assert.Equal((DriftState.Unjudged, null), (path.Drift!.State, path.Drift.Ratio));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void Ended_FailedOrPartlySkipped_IsNoRunOfThePath(bool skipped, int failedRuns)
    {
        var use = Use();
        Assert.True(scheduler.Offer(0, Samples) >= 0);
        Assert.True(scheduler.TryStart(0, runs[0]));
        use.Started(runs[0], worker: 1, follows: true);
        use.Ended(runs[0], worker: 1, 500, skipped ? RunEnd.PartlySkipped : RunEnd.Failed);
        use.QueryEnded(0, QueryEnd.Failed, 500);

        var path = Assert.Single(use.At(500, _ => 0));
        Assert.Equal((0, failedRuns, 0, 0, 1), (path.Runs, path.FailedRuns, path.Samples, path.Queries, path.Misses));
    }

    [Fact]
    public void Ended_SteadyState_AllocatesNothing()
    {
        var use = Use();
        Serve(use, seconds: 1, tookNs: 100_000);
        Assert.Equal(0, Allocation.Of(() => Serve(use, seconds: 1, tookNs: 100_000)));
    }

    /// <summary>Two queries at once, twenty times a second, on two instances.</summary>
    private void Serve(ServerUse use, int seconds, long tookNs, bool follows = true)
    {
        Span<int> ended = stackalloc int[Samples];
        for (var round = 0; round < 20 * seconds; round++)
        {
            var nowNs = round * 50_000_000L;
            Assert.True(scheduler.Offer(nowNs, Samples) >= 0);
            Assert.True(scheduler.Offer(nowNs, Samples) >= 0);
            for (var worker = 0; worker < 2; worker++)
            {
                Assert.True(scheduler.TryStart(nowNs, runs[worker]));
                use.Started(runs[worker], worker, follows);
            }

            for (var worker = 0; worker < 2; worker++)
            {
                use.Ended(runs[worker], worker, nowNs + tookNs, RunEnd.Scored);
                Assert.True(scheduler.Finish(nowNs + tookNs, runs[worker], ended) == 1);
                use.QueryEnded(0, QueryEnd.Answered, tookNs);
            }
        }
    }

    private static ServerUse Use() => new([ServiceExpectation.Of(Settings(100).Paths[0], Curves.Through([(Samples, 100)]))], laneOfPath: [0], lanes: [0, 0], limitUs: 200, _ => new CacheUse(50, 20));

    internal static SchedulerSettings Settings(double plannedUs, int instances = 2) => new()
    {
        Policy = SchedulingPolicies.Static,
        Instances = instances,
        SplitSamples = Samples,
        MaxBatch = Samples,
        BatchWindowUs = 0,
        QueueLimit = 100,
        Paths = [new ScheduledPath { Id = "only", Device = "cpu", Instances = instances, MaxBatch = Samples, Quality = 1, Planned = [new PlannedTime { Batch = Samples, Us = plannedUs }], TypicalShare = 1 }],
    };
}
