using Rectune.Core.Domain;
using Rectune.Core.Scheduling;
using Xunit;

namespace Rectune.Tests.Scheduling;

/// <summary>Strategies that choose among paths, on times that can be followed by hand.</summary>
public sealed class MultiPathTests
{
    private const long Us = 1_000;

    private readonly Run run = new(1000);
    private readonly int[] ended = new int[1000];

    [Fact]
    public void TryStart_NothingElseWaits_TakesTheBestPathThatIsInTime()
    {
        // 100 samples: 1,000 us on the fast path, 5,000 us on the good one.
        var scheduler = new Scheduler(Two(limitUs: 10_000));
        Assert.True(Started(scheduler, 0, 100));
        Assert.Equal((1, 100, 5_000 * Us), (run.Path, run.Samples, run.PlannedNs));

        var tight = new Scheduler(Two(limitUs: 3_000));
        Assert.True(Started(tight, 0, 100));
        Assert.Equal(0, run.Path);
    }

    [Fact]
    public void TryStart_OthersWaitThatCannotSpareTheTime_TakesTheFastPath()
    {
        var scheduler = new Scheduler(Two(limitUs: 10_000));
        for (var i = 0; i < 8; i++)
        {
            Assert.True(scheduler.Offer(0, 100) >= 0);
        }

        // Eight take 8,000 us on the fast path: the last one can always spare 2,000 us, and one of 100 on the good path costs 4,000 us more.
        for (var i = 0; i < 8; i++)
        {
            Assert.True(scheduler.TryStart(i * 1_000 * Us, run));
            Assert.Equal(0, run.Path);
            scheduler.Finish((i + 1) * 1_000 * Us, run, ended);
        }
    }

    [Fact]
    public void TryStart_SlackIsKeptForBursts_SpendsOnlyWhatIsBeyond()
    {
        // 10,000 − 5,000 us would be spare; six tenths are kept.
        var scheduler = new Scheduler(Two(limitUs: 10_000) with { SlackShare = 0.6 });
        Assert.True(Started(scheduler, 0, 100));
        Assert.Equal(0, run.Path);
    }

    [Fact]
    public void TryStart_AfterTheFastPath_WantsMoreSlackForTheBetterOne()
    {
        // 5,000 us are spare on the good path: enough to stay on it, not to come to it.
        var settings = Two(limitUs: 10_000) with { SlackShare = 0.4, HysteresisShare = 0.2 };
        var scheduler = new Scheduler(settings);
        Assert.True(Started(scheduler, 0, 100));
        Assert.Equal(0, run.Path);
        scheduler.Finish(1_000 * Us, run, ended);
        Assert.True(Started(scheduler, 1_000 * Us, 20));
        Assert.Equal(1, run.Path);
        scheduler.Finish(2_000 * Us, run, ended);
        Assert.True(Started(scheduler, 2_000 * Us, 100));
        Assert.Equal(1, run.Path);
    }

    [Fact]
    public void Offer_NotEvenTheFastPathIsInTime_IsRefusedAtOnce()
    {
        var scheduler = new Scheduler(Two(limitUs: 3_500));
        Assert.True(Started(scheduler, 0, 100));
        Assert.Equal(0, run.Path);
        Assert.True(scheduler.Offer(0, 100) >= 0);
        Assert.True(scheduler.Offer(0, 100) >= 0);

        // 1,000 us run and 2,000 us wait.
        Assert.Equal(Scheduler.TooLate, scheduler.Offer(0, 100));
        Assert.True(scheduler.Offer(0, 40) >= 0);
        Assert.True(scheduler.Offer(0, 100, deadlineNs: 5_000 * Us) >= 0);
        Assert.Equal(Scheduler.TooLate, scheduler.Offer(0, 1, deadlineNs: 10 * Us));
    }

    [Fact]
    public void DropLate_HeadsThatNobodyCanSave_AreDroppedAndOthersServed()
    {
        var scheduler = new Scheduler(Two(limitUs: 3_500));
        Assert.True(Started(scheduler, 0, 100));
        var late = scheduler.Offer(0, 100);
        var patient = scheduler.Offer(0, 100, deadlineNs: 60_000 * Us);

        // The run takes five times as long as planned.
        Assert.Equal(0, scheduler.DropLate(2_000 * Us, ended));
        Assert.Equal(1, scheduler.DropLate(5_000 * Us, ended));
        Assert.Equal(late, ended[0]);
        Assert.Equal((1, 1), (scheduler.WaitingQueries, scheduler.WaitingParts));
        scheduler.Finish(5_000 * Us, run, ended);
        Assert.True(scheduler.TryStart(5_000 * Us, run));
        Assert.Equal(patient, run[0].Slot);
        Assert.Equal(0, scheduler.DropLate(90_000 * Us, ended));
    }

    [Fact]
    public void TryStart_SmallQueries_AreJoinedOnlyAsFarAsTheOldestCanWait()
    {
        // The oldest has 450 us left: 45 samples of the fast path, four queries.
        var scheduler = new Scheduler(Two(limitUs: 20_000, maxBatch: 1000));
        scheduler.Offer(0, 10, deadlineNs: 450 * Us);
        for (var i = 0; i < 20; i++)
        {
            scheduler.Offer(0, 10);
        }

        Assert.True(scheduler.TryStart(0, run));
        Assert.Equal((0, 40), (run.Path, run.Samples));
    }

    [Fact]
    public void TryStart_OnePathWithADeadline_JoinsOnlyWhatTheOldestCanWaitFor()
    {
        // 10 us a sample, 1 ms to answer: after 600 us the oldest, of 20 samples, has time for a run of 40.
        var settings = Two(limitUs: 1_000) with { Policy = SchedulingPolicies.Static };
        var scheduler = new Scheduler(settings with { Paths = [settings.Paths[0]] });
        scheduler.Offer(0, 20);
        for (var i = 0; i < 3; i++)
        {
            scheduler.Offer(0, 10);
        }

        Assert.True(scheduler.TryStart(600_000, run));
        Assert.Equal(40, run.Samples);
    }

    [Fact]
    public void Finish_PathTakesLongerThanPlanned_IsPlannedWithWhatItTakes()
    {
        var scheduler = new Scheduler(Two(limitUs: 10_000));
        var now = 0L;
        for (var i = 0; i < 200 && (i == 0 || run.Path == 1); i++)
        {
            Assert.True(Started(scheduler, now, 100));
            now += (run.Path == 1 ? 3 : 1) * run.PlannedNs;
            scheduler.Finish(now, run, ended);
        }

        // The good path would take more than the 10,000 us that there are.
        Assert.Equal(0, run.Path);
        Assert.True(now > 100_000 * Us, "the good path was left at once");
    }

    [Fact]
    public void Offer_PathWasSlowForAWhile_TakesQueriesAgain()
    {
        var settings = Two(limitUs: 10_000);
        var scheduler = new Scheduler(settings with { Policy = SchedulingPolicies.Static, Paths = [settings.Paths[1]] });
        var now = 0L;
        for (var i = 0; i < 100; i++)
        {
            Assert.True(Started(scheduler, now, 100));
            now += 20 * run.PlannedNs;
            scheduler.Finish(now, run, ended);
        }

        // What was learned says 5,000 us take more than 10,000; the idle device is tried all the same, and found quick again.
        for (var i = 0; i < 300; i++)
        {
            Assert.True(Started(scheduler, now, 100));
            now += run.PlannedNs;
            scheduler.Finish(now, run, ended);
        }

        Assert.True(scheduler.Offer(now, 100) >= 0);
        Assert.True(scheduler.Offer(now, 60) >= 0);
    }

    [Fact]
    public void Finish_FailedRuns_TeachNothing()
    {
        var scheduler = new Scheduler(Two(limitUs: 6_000));
        for (var i = 0; i < 200; i++)
        {
            Assert.True(Started(scheduler, i, 100));
            Assert.Equal(1, run.Path);
            scheduler.Finish(i + 1, run, ended, failed: true);
        }

        Assert.True(Started(scheduler, 1_000, 100));
        Assert.Equal(5_000 * Us, run.PlannedNs);

        // 5,000 us run, and 1,000 would follow: were failures taken for quick runs, that would be in time.
        Assert.Equal(Scheduler.TooLate, scheduler.Offer(1_000, 100, deadlineNs: 1_000 + (4_000 * Us)));
    }

    [Fact]
    public void Fastest_Devices_TakesTheOneThatAnswersFirst()
    {
        // The second device starts slowly and is then quick: 1,000 us, and one a sample.
        var settings = Devices(SchedulingPolicies.Fastest);
        var scheduler = new Scheduler(settings);
        Assert.Equal(2, scheduler.LaneCount);
        scheduler.Offer(0, 50);
        Assert.True(scheduler.TryStart(0, run));
        Assert.Equal((0, 0), (run.Lane, run.Instance));
        var other = new Run(1000);
        scheduler.Offer(0, 400);
        Assert.True(scheduler.TryStart(0, other));
        Assert.Equal((1, 1, 1), (other.Lane, other.Instance, other.Path));

        // 50 more: 500 us behind 500 on the first, 1,050 us behind 1,400 on the second.
        scheduler.Offer(0, 50);
        Assert.Equal((1, 0), (scheduler.WaitingPartsOf(0), scheduler.WaitingPartsOf(1)));
    }

    [Fact]
    public void Offload_QueriesAboveTheSize_GoToTheSecondDevice()
    {
        var scheduler = new Scheduler(Devices(SchedulingPolicies.Offload) with { OffloadAbove = 100 });
        scheduler.Offer(0, 100);
        scheduler.Offer(0, 101);
        Assert.Equal((1, 1), (scheduler.WaitingPartsOf(0), scheduler.WaitingPartsOf(1)));
    }

    [Theory]
    [InlineData(0.75)]
    [InlineData(0.9)]
    public void TryStart_FloorOfQuality_IsKeptHoweverMuchWaits(double floor)
    {
        // The fast path's 0.7 and the good one's 1.0, under a backlog that never ends.
        var scheduler = new Scheduler(Two(limitUs: 10_000) with { QualityMin = floor, LimitUs = null, SlackShare = 0 });
        var (now, samples, quality) = (0L, 0.0, 0.0);
        for (var i = 0; i < 2_000; i++)
        {
            while (scheduler.Offer(now, 100, now + (10_000 * Us)) >= 0)
            {
            }

            scheduler.DropLate(now, ended);
            if (!scheduler.TryStart(now, run))
            {
                continue;
            }

            samples += run.Samples;
            quality += run.Samples * (run.Path == 1 ? 1 : 0.7);
            Assert.True(quality >= (floor * samples) - 1e-6, $"{quality / samples} after {samples}");
            now += run.PlannedNs;
            scheduler.Finish(now, run, ended);
        }

        // And no more is spent on quality than the floor asks for.
        Assert.InRange(quality / samples, floor, floor + 0.01);
    }

    [Fact]
    public void Constructor_SettingsThatContradict_AreNamed()
    {
        var two = Two(limitUs: 10_000);
        Named(two with { Paths = [] }, "Paths");
        Named(two with { QualityMin = 1.1 }, "QualityMin");
        Named(two with { Policy = SchedulingPolicies.Static }, "at most 1");
        Named(two with { Policy = SchedulingPolicies.Offload }, "of each");
        Named(two with { SlackShare = 1 }, "SlackShare");
        Named(two with { LimitUs = 0 }, "LimitUs");
        Named(two with { Paths = [two.Paths[0], two.Paths[1] with { Instances = 2 }] }, "cpu");
        Named(two with { Paths = [two.Paths[0] with { MaxBatch = 7 }] }, "MaxBatch");
        Named(two with { Paths = [two.Paths[0] with { Planned = [new PlannedTime { Batch = 4, Us = 1 }, new PlannedTime { Batch = 4, Us = 2 }] }] }, "batch 4");
        Named(two with { Paths = [two.Paths[0] with { Planned = [new PlannedTime { Batch = 4, Us = double.NaN }] }] }, "NaN");

        static void Named(SchedulerSettings settings, string member) =>
            Assert.Contains(member, Assert.Throws<ArgumentException>(() => new Scheduler(settings)).Message, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>One instance; a fast path of 10 us and a good one of 50 us a sample.</summary>
    internal static SchedulerSettings Two(int limitUs, int maxBatch = 100) => SchedulerTests.Settings(1, maxBatch, maxBatch) with
    {
        Policy = SchedulingPolicies.MultiPath,
        LimitUs = limitUs,
        Paths = [Path("fast", "cpu", 0.7, 0, 10) with { MaxBatch = maxBatch }, Path("good", "cpu", 1, 0, 50) with { MaxBatch = maxBatch }],
    };

    internal static ScheduledPath Path(string id, string device, double quality, double startUs, double usPerSample, int instances = 1) => new()
    {
        Id = id,
        Device = device,
        Instances = instances,
        MaxBatch = 1000,
        Quality = quality,
        Planned = [new PlannedTime { Batch = 1, Us = startUs + usPerSample }, new PlannedTime { Batch = 1000, Us = startUs + (1000 * usPerSample) }],
        TypicalShare = 1,
    };

    internal static SchedulerSettings Devices(string policy) => SchedulerTests.Settings(1, 1000, 1000) with
    {
        Policy = policy,
        Paths = [Path("on-cpu", "cpu", 1, 0, 10), Path("on-gpu", "cuda:0", 1, 1000, 1)],
    };

    private bool Started(Scheduler scheduler, long nowNs, int samples) => scheduler.Offer(nowNs, samples) >= 0 && scheduler.TryStart(nowNs, run);
}
