using Rectune.Core.Domain;
using Rectune.Core.Scheduling;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Scheduling;

public sealed class SchedulerTests
{
    [Theory]
    [InlineData("random", 1, 1, 1, 0, 1, "Policy")]
    [InlineData("static", 0, 1, 1, 0, 1, "Instances")]
    [InlineData("static", 1, 0, 1, 0, 1, "SplitSamples")]
    [InlineData("static", 1, 8, 7, 0, 1, "MaxBatch")]
    [InlineData("static", 1, 1, 1, -1, 1, "BatchWindowUs")]
    [InlineData("static", 1, 1, 1, 0, 0, "QueueLimit")]
    public void Constructor_SettingOutOfRange_NamesTheMember(
        string policy, int instances, int split, int batch, int windowUs, int limit, string member)
    {
        var settings = Settings(instances, split, batch, windowUs, limit) with { Policy = policy };

        var error = Assert.Throws<ArgumentException>(() => new Scheduler(settings));

        Assert.Contains(member, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Offer_QueueLimitReached_Refuses()
    {
        var scheduler = new Scheduler(Settings(1, 10, 10, limit: 2));
        var run = new Run(10);

        var first = scheduler.Offer(0, 5);
        Assert.True(scheduler.TryStart(0, run));
        var second = scheduler.Offer(1, 5);

        Assert.Equal(-1, scheduler.Offer(2, 5));
        Assert.Equal(2, scheduler.QueriesInside);
        Assert.Equal(1, scheduler.WaitingQueries);
        Assert.NotEqual(first, second);
        var ended = new int[1];
        Assert.Equal(1, scheduler.Finish(0, run, ended));
        Assert.Equal(first, ended[0]);
        Assert.Equal(first, scheduler.Offer(3, 5));
    }

    [Fact]
    public void TryStart_QueryAboveSplit_CutsIntoNearEqualPartsSideBySide()
    {
        var scheduler = new Scheduler(Settings(2, 256, 512));
        var slot = scheduler.Offer(0, 300);
        Run one = new(512), two = new(512);

        Assert.True(scheduler.TryStart(0, one));
        Assert.True(scheduler.TryStart(0, two));

        Assert.Equal([new RunPart(slot, 0, 150)], Parts(one));
        Assert.Equal([new RunPart(slot, 150, 150)], Parts(two));
        Assert.NotEqual(one.Instance, two.Instance);
        var ended = new int[1];
        Assert.Equal(0, scheduler.Finish(0, two, ended));
        Assert.Equal(1, scheduler.Finish(0, one, ended));
    }

    [Fact]
    public void TryStart_TwoIdleInstances_ShareThePartsOfAQueryEvenly()
    {
        var scheduler = new Scheduler(Settings(2, 100, 200));
        var slot = scheduler.Offer(0, 301);
        Run one = new(200), two = new(200);

        scheduler.TryStart(0, one);
        scheduler.TryStart(0, two);

        Assert.Equal([new RunPart(slot, 0, 75), new RunPart(slot, 75, 75)], Parts(one));
        Assert.Equal([new RunPart(slot, 150, 75), new RunPart(slot, 225, 76)], Parts(two));
        Assert.Equal(0, scheduler.WaitingParts);
    }

    [Fact]
    public void TryStart_OneInstanceIdle_TakesAllThatFits()
    {
        var scheduler = new Scheduler(Settings(2, 100, 300));
        var first = scheduler.Offer(0, 50);
        Run one = new(300), two = new(300);
        scheduler.TryStart(0, one);
        var second = scheduler.Offer(1, 400);
        Assert.True(scheduler.TryStart(1, two));
        Assert.Equal([new RunPart(first, 0, 50)], Parts(one));
        Assert.Equal([new RunPart(second, 0, 100), new RunPart(second, 100, 100), new RunPart(second, 200, 100)], Parts(two));
        Assert.Equal(1, scheduler.WaitingParts);
    }

    [Fact]
    public void TryStart_SeveralWaiting_TakesThemInOrderUntilOneDoesNotFit()
    {
        var scheduler = new Scheduler(Settings(1, 100, 100));
        int a = scheduler.Offer(0, 40), b = scheduler.Offer(1, 50), c = scheduler.Offer(2, 20);
        scheduler.Offer(3, 1);
        var run = new Run(100);

        Assert.True(scheduler.TryStart(5, run));

        // The fourth query would fit, but it came after the third.
        Assert.Equal([new RunPart(a, 0, 40), new RunPart(b, 0, 50)], Parts(run));
        Assert.False(scheduler.TryStart(5, new Run(100)));
        scheduler.Finish(0, run, new int[2]);
        scheduler.TryStart(6, run);
        Assert.Equal(c, run[0].Slot);
        Assert.Equal(21, run.Samples);
    }

    [Fact]
    public void TryStart_BatchWindow_WaitsForCompanyUntilTheOldestHasWaitedIt()
    {
        var scheduler = new Scheduler(Settings(1, 100, 100, windowUs: 50));
        var run = new Run(100);
        Assert.Equal(long.MaxValue, scheduler.NextWakeNs);
        scheduler.Offer(1_000, 40);
        Assert.False(scheduler.TryStart(1_000, run));
        Assert.Equal(51_000, scheduler.NextWakeNs);
        scheduler.Offer(20_000, 40);
        Assert.False(scheduler.TryStart(50_999, run));
        Assert.Equal(51_000, scheduler.NextWakeNs);

        Assert.True(scheduler.TryStart(51_000, run));

        Assert.Equal(80, run.Samples);
        Assert.Equal(long.MaxValue, scheduler.NextWakeNs);
    }

    [Fact]
    public void TryStart_BatchWindowAndFullBatch_StartsAtOnce()
    {
        var scheduler = new Scheduler(Settings(1, 100, 100, windowUs: 50));
        var run = new Run(100);
        scheduler.Offer(0, 40);
        scheduler.Offer(10, 70);

        Assert.True(scheduler.TryStart(10, run));

        Assert.Equal(40, run.Samples);
        scheduler.Finish(0, run, new int[1]);
        Assert.False(scheduler.TryStart(20, run));
        Assert.Equal(50_010, scheduler.NextWakeNs);
    }

    [Fact]
    public void TryStart_BatchWindowAndStartedQuery_RestDoesNotWait()
    {
        var scheduler = new Scheduler(Settings(2, 100, 150, windowUs: 50));
        var slot = scheduler.Offer(0, 160);
        Run one = new(150), two = new(150);

        Assert.True(scheduler.TryStart(0, one));
        Assert.True(scheduler.TryStart(0, two));

        Assert.Equal([new RunPart(slot, 80, 80)], Parts(two));
    }

    [Fact]
    public void NextWakeNs_NoInstanceIdle_IsNever()
    {
        var scheduler = new Scheduler(Settings(1, 10, 10, windowUs: 5));
        var run = new Run(10);
        scheduler.Offer(0, 10);
        scheduler.TryStart(0, run);
        scheduler.Offer(1, 3);

        Assert.Equal(long.MaxValue, scheduler.NextWakeNs);
        scheduler.Finish(0, run, new int[1]);
        Assert.Equal(5_001, scheduler.NextWakeNs);
    }

    [Fact]
    public void DeadlineNs_LimitOfItsOwn_OnlyShortensTheSettings()
    {
        var patient = new Scheduler(Settings(1, 10, 10));
        Assert.Equal((long.MaxValue, 7_005_000L, long.MaxValue), (patient.DeadlineNs(5_000, 0), patient.DeadlineNs(5_000, 7_000), patient.DeadlineNs(5_000, long.MaxValue)));
        var limited = new Scheduler(Settings(1, 10, 10) with { LimitUs = 9 });
        Assert.Equal((14_000L, 12_000L, 14_000L, 14_000L), (limited.DeadlineNs(5_000, 0), limited.DeadlineNs(5_000, 7), limited.DeadlineNs(5_000, 7_000), limited.DeadlineNs(5_000, long.MaxValue)));
    }

    [Fact]
    public void Finish_InstanceNotRunning_Throws()
    {
        var scheduler = new Scheduler(Settings(1, 10, 10));
        var run = new Run(10);
        scheduler.Offer(0, 3);
        scheduler.TryStart(0, run);
        scheduler.Finish(0, run, new int[1]);

        Assert.Throws<InvalidOperationException>(() => scheduler.Finish(0, run, new int[1]));
    }

    [Fact]
    public void TryStart_RunTooSmall_Throws()
    {
        var scheduler = new Scheduler(Settings(1, 10, 10));
        scheduler.Offer(0, 3);

        Assert.Throws<ArgumentException>(() => scheduler.TryStart(0, new Run(9)));
    }

    [Fact]
    public void Abandon_PartlyRunningQuery_StaysAndTheRestIsDropped()
    {
        var scheduler = new Scheduler(Settings(1, 10, 10));
        var run = new Run(10);
        var started = scheduler.Offer(0, 20);
        scheduler.TryStart(0, run);
        int b = scheduler.Offer(1, 5), c = scheduler.Offer(2, 15);
        var dropped = new int[3];

        var count = scheduler.Abandon(dropped);

        Assert.Equal([b, c], dropped[..count]);
        Assert.Equal(1, scheduler.WaitingParts);
        Assert.Equal(1, scheduler.QueriesInside);
        var ended = new int[1];
        Assert.Equal(0, scheduler.Finish(0, run, ended));
        Assert.True(scheduler.TryStart(3, run));
        Assert.Equal([new RunPart(started, 10, 10)], Parts(run));
        Assert.Equal(1, scheduler.Finish(0, run, ended));
        Assert.Equal(0, scheduler.QueriesInside);
    }

    [Fact]
    public void Abandon_FirstPartOverAndNoneRunning_IsDropped()
    {
        var scheduler = new Scheduler(Settings(1, 10, 10));
        var run = new Run(10);
        var slot = scheduler.Offer(0, 20);
        scheduler.TryStart(0, run);
        scheduler.Finish(0, run, new int[1]);
        var dropped = new int[1];

        Assert.Equal(1, scheduler.Abandon(dropped));

        Assert.Equal(slot, dropped[0]);
        Assert.Equal((0, 0), (scheduler.QueriesInside, scheduler.WaitingParts));
        Assert.False(scheduler.TryStart(1, run));
    }

    [Fact]
    public void SteadyState_AllocatesNothing()
    {
        var scheduler = new Scheduler(Settings(2, 64, 128, windowUs: 10, limit: 16));
        Run[] runs = [new(128), new(128)];
        var ended = new int[128];

        Assert.Equal(0, Allocation.Of(() => Drive(10_000)));

        void Drive(int queries)
        {
            long now = 0;
            for (var i = 0; i < queries; i++)
            {
                now += 20_000;
                scheduler.Offer(now, 1 + (i * 37 % 200));
                foreach (var run in runs)
                {
                    if (scheduler.TryStart(now, run))
                    {
                        scheduler.Finish(0, run, ended);
                    }
                }
            }
        }
    }

    internal static SchedulerSettings Settings(int instances, int split, int batch, int windowUs = 0, int limit = 64) => new()
    {
        Policy = "static",
        Instances = instances,
        SplitSamples = split,
        MaxBatch = batch,
        BatchWindowUs = windowUs,
        QueueLimit = limit,
    };

    private static RunPart[] Parts(Run run) => [.. Enumerable.Range(0, run.Parts).Select(i => run[i])];
}
