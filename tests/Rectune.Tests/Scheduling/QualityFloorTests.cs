using Rectune.Core.Domain;
using Rectune.Core.Scheduling;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Scheduling;

/// <summary>Queries that ask for a least quality, on times that can be followed by hand: 10 us a sample at 0.7, 50 us at 1.0.</summary>
public sealed class QualityFloorTests
{
    private const long Us = 1_000;
    private const double None = double.NegativeInfinity;

    private readonly Run run = new(1000);
    private readonly int[] ended = new int[1000];

    [Theory]
    [InlineData(None, 0)]
    [InlineData(0.7, 0)]
    [InlineData(0.71, 1)]
    [InlineData(1.0, 1)]
    public void TryStart_FloorOfTheOldest_TakesTheFastestPathThatMeetsIt(double floor, int path)
    {
        var scheduler = new Scheduler(MultiPathTests.Two(limitUs: 10_000) with { Policy = SchedulingPolicies.Fastest });
        Assert.True(scheduler.Offer(0, 100, long.MaxValue, floor) >= 0);
        Assert.True(scheduler.TryStart(0, run));
        Assert.Equal(path, run.Path);
    }

    [Fact]
    public void TryStart_FloorThatLeavesAChoice_TakesTheBestOneThatIsInTime()
    {
        var settings = MultiPathTests.Two(limitUs: 10_000);
        var scheduler = new Scheduler(settings with { Paths = [.. settings.Paths, MultiPathTests.Path("between", "cpu", 0.9, 0, 20) with { MaxBatch = 100 }] });

        // 5,000 us on the best path, 2,000 on the one between: the deadline decides, and the fast one is never taken.
        foreach (var (deadlineUs, path) in new[] { (9_000, 1), (3_000, 2) })
        {
            Assert.True(scheduler.Offer(0, 100, deadlineUs * Us, 0.8) >= 0);
            Assert.True(scheduler.TryStart(0, run));
            Assert.Equal(path, run.Path);
            scheduler.Finish(run.PlannedNs, run, ended);
        }

        Assert.Equal(Scheduler.TooLate, scheduler.Offer(0, 100, 1_500 * Us, 0.8));
        Assert.True(scheduler.Offer(0, 100, 1_500 * Us) >= 0);
    }

    [Fact]
    public void TryStart_FloorBehindTheOldest_EndsTheRunBeforeItAndKeepsTheOrder()
    {
        var scheduler = new Scheduler(MultiPathTests.Two(limitUs: 10_000) with { Policy = SchedulingPolicies.Fastest });
        int a = scheduler.Offer(0, 10, long.MaxValue), b = scheduler.Offer(0, 10, long.MaxValue, 0.9), c = scheduler.Offer(0, 10, long.MaxValue);

        Assert.True(scheduler.TryStart(0, run));
        Assert.Equal((0, 1, a), (run.Path, run.Parts, run[0].Slot));
        scheduler.Finish(run.PlannedNs, run, ended);

        // Whoever asks for nothing may have a better path than it asked for.
        Assert.True(scheduler.TryStart(0, run));
        Assert.Equal((1, 2, b, c), (run.Path, run.Parts, run[0].Slot, run[1].Slot));
    }

    [Fact]
    public void Offer_NoPathMeetsTheFloor_IsToldSoWhetherThereIsRoomOrNot()
    {
        var settings = MultiPathTests.Two(limitUs: 10_000);
        var scheduler = new Scheduler(settings with { Policy = SchedulingPolicies.Static, Paths = [settings.Paths[0]], QueueLimit = 1 });
        Assert.Equal(Scheduler.NoSuchQuality, scheduler.Offer(0, 10, long.MaxValue, 0.71));
        Assert.Equal(Scheduler.NoSuchQuality, scheduler.Offer(0, 10, long.MaxValue, double.NaN));
        Assert.Equal(Scheduler.NoSuchQuality, scheduler.Offer(0, 10, long.MaxValue, double.PositiveInfinity));
        Assert.Equal(0, scheduler.QueriesInside);

        Assert.True(scheduler.Offer(0, 10, long.MaxValue, 0.7) >= 0);
        Assert.Equal(Scheduler.NoSuchQuality, scheduler.Offer(0, 10, long.MaxValue, 0.71));
        Assert.Equal(Scheduler.Full, scheduler.Offer(0, 10, long.MaxValue, 0.7));
    }

    [Fact]
    public void Offer_QualityOfAPathIsUnknown_MeetsNoFloor()
    {
        var settings = MultiPathTests.Two(limitUs: 10_000) with { Policy = SchedulingPolicies.Fastest };
        settings = settings with { Paths = [settings.Paths[0] with { Quality = null }, settings.Paths[1]] };
        var scheduler = new Scheduler(settings);
        foreach (var (floor, path) in new[] { (-5.0, 1), (0.0, 1), (None, 0) })
        {
            Assert.True(scheduler.Offer(0, 10, long.MaxValue, floor) >= 0);
            Assert.True(scheduler.TryStart(0, run));
            Assert.Equal(path, run.Path);
            scheduler.Finish(run.PlannedNs, run, ended);
        }

        var unknown = new Scheduler(settings with { Paths = [settings.Paths[0]] });
        Assert.Equal(Scheduler.NoSuchQuality, unknown.Offer(0, 10, long.MaxValue, -5));
        Assert.True(unknown.Offer(0, 10, long.MaxValue) >= 0);
        var unnamed = new Scheduler(SchedulerTests.Settings(1, 10, 10));
        Assert.Equal(Scheduler.NoSuchQuality, unnamed.Offer(0, 10, long.MaxValue, -5));
        Assert.True(unnamed.Offer(0, 10) >= 0);
    }

    [Fact]
    public void Offer_OnlyTheSlowPathMeetsTheFloor_IsJudgedByItsTime()
    {
        Assert.Equal(Scheduler.TooLate, new Scheduler(MultiPathTests.Two(limitUs: 10_000)).Offer(0, 100, (5_000 * Us) - 1, 0.9));
        Assert.True(new Scheduler(MultiPathTests.Two(limitUs: 10_000)).Offer(0, 100, 5_000 * Us, 0.9) >= 0);
        Assert.True(new Scheduler(MultiPathTests.Two(limitUs: 10_000)).Offer(0, 100, 1_000 * Us) >= 0);
    }

    [Fact]
    public void Offer_WorkAheadAsksForTheSlowPath_IsCountedAsItWillRun()
    {
        var scheduler = new Scheduler(MultiPathTests.Two(limitUs: 10_000));
        Assert.True(scheduler.Offer(0, 100, 10_000 * Us, 0.9) >= 0);
        Assert.True(scheduler.TryStart(0, run));
        Assert.Equal((1, 5_000 * Us), (run.Path, run.PlannedNs));
        Assert.Equal(Scheduler.TooLate, scheduler.Offer(0, 100, (10_000 * Us) - 1, 0.9));
        Assert.True(scheduler.Offer(0, 100, 10_000 * Us, 0.9) >= 0);

        // 5,000 us run and 5,000 us wait, though 1,000 us would do for as many samples that ask for nothing.
        Assert.Equal(Scheduler.TooLate, scheduler.Offer(0, 40, (12_000 * Us) - 1, 0.9));
        Assert.Equal(Scheduler.TooLate, scheduler.Offer(0, 40, (10_400 * Us) - 1));
        Assert.True(scheduler.Offer(0, 40, 10_400 * Us) >= 0);

        // Once it is worked off nothing of it is left in the sums.
        var now = 5_000 * Us;
        scheduler.Finish(now, run, ended);
        while (scheduler.TryStart(now, run))
        {
            now += run.PlannedNs;
            scheduler.Finish(now, run, ended);
        }

        Assert.Equal(0, scheduler.QueriesInside);
        Assert.True(scheduler.Offer(now, 100, long.MaxValue, 0.9) >= 0);
        Assert.True(scheduler.TryStart(now, run));
        Assert.Equal(Scheduler.TooLate, scheduler.Offer(now, 100, now + (6_000 * Us) - 1));
        Assert.True(scheduler.Offer(now, 100, now + (6_000 * Us)) >= 0);
    }

    [Fact]
    public void TryStart_SlowWorkWaitsBehind_SparesItTheTime()
    {
        // 100 that ask for nothing, then 100 that ask for the good path: 1,000 or 5,000 us, then 5,000. Both on the good path end at 10,000 us.
        foreach (var (deadlineUs, path) in new[] { (10_000, 1), (9_999, 0) })
        {
            var scheduler = new Scheduler(MultiPathTests.Two(limitUs: 20_000));
            Assert.True(scheduler.Offer(0, 100) >= 0);
            Assert.True(scheduler.Offer(0, 100, deadlineUs * Us, 0.9) >= 0);
            Assert.True(scheduler.TryStart(0, run));
            Assert.Equal(path, run.Path);
        }
    }

    [Fact]
    public void DropLate_OnlyTheSlowPathMeetsTheFloor_IsDroppedWhenThatOneIsTooLate()
    {
        var scheduler = new Scheduler(MultiPathTests.Two(limitUs: 10_000));
        Assert.True(scheduler.Offer(0, 100) >= 0);
        Assert.True(scheduler.TryStart(0, run));
        var late = scheduler.Offer(0, 100, 10_000 * Us, 0.9);
        var patient = scheduler.Offer(0, 100, 20_000 * Us);
        Assert.Equal(0, scheduler.DropLate(5_000 * Us, ended));

        Assert.Equal(1, scheduler.DropLate((5_000 * Us) + 1, ended));
        Assert.Equal(late, ended[0]);
        scheduler.Finish(6_000 * Us, run, ended);
        Assert.True(scheduler.TryStart(6_000 * Us, run));
        Assert.Equal(patient, run[0].Slot);
    }

    [Theory]
    [InlineData(SchedulingPolicies.Fastest)]
    [InlineData(SchedulingPolicies.Offload)]
    [InlineData(SchedulingPolicies.MultiPath)]
    public void Offer_OneDeviceMeetsTheFloor_JoinsItsLineWhateverElseSpeaksForTheOther(string policy)
    {
        var settings = MultiPathTests.Two(limitUs: 10_000) with
        {
            Policy = policy,
            OffloadAbove = 100,
            Paths = [MultiPathTests.Path("on-cpu", "cpu", 0.7, 0, 10) with { MaxBatch = 100 }, MultiPathTests.Path("on-gpu", "cuda:0", 1, 1_000, 20) with { MaxBatch = 100 }],
        };
        var scheduler = new Scheduler(settings);
        Assert.True(scheduler.Offer(0, 50, 1_500 * Us) >= 0);
        Assert.Equal((1, 0), (scheduler.WaitingPartsOf(0), scheduler.WaitingPartsOf(1)));
        Assert.True(scheduler.Offer(0, 50, 5_000 * Us, 0.9) >= 0);
        Assert.Equal((1, 1), (scheduler.WaitingPartsOf(0), scheduler.WaitingPartsOf(1)));

        // The other way round the large one stays on the first device.
        var swapped = new Scheduler(settings with { Paths = [settings.Paths[0] with { Quality = 1 }, settings.Paths[1] with { Quality = 0.7 }] });
        Assert.True(swapped.Offer(0, 200, long.MaxValue, 0.9) >= 0);
        Assert.Equal((2, 0), (swapped.WaitingPartsOf(0), swapped.WaitingPartsOf(1)));
    }

    [Fact]
    public void TryStart_FloorsOfQueriesAndOfTheTraffic_BothHold()
    {
        // The traffic's floor of 0.75 lets the fast path have five samples of six; a query's own is never spent on it.
        var scheduler = new Scheduler(MultiPathTests.Two(limitUs: 10_000) with { QualityMin = 0.75, LimitUs = null, SlackShare = 0 });
        var (now, samples, quality) = (0L, 0.0, 0.0);
        var asks = new Dictionary<int, bool>();
        for (var i = 0; i < 2_000; i++)
        {
            while (true)
            {
                var asking = i % 3 == 0;
                var slot = scheduler.Offer(now, 20, now + (10_000 * Us), asking ? 0.9 : None);
                if (slot < 0)
                {
                    break;
                }

                asks[slot] = asking;
            }

            scheduler.DropLate(now, ended);
            if (!scheduler.TryStart(now, run))
            {
                continue;
            }

            for (var part = 0; part < run.Parts; part++)
            {
                Assert.True(run.Path == 1 || !asks[run[part].Slot]);
            }

            samples += run.Samples;
            quality += run.Samples * (run.Path == 1 ? 1 : 0.7);
            Assert.True(quality >= (0.75 * samples) - 1e-6, $"{quality / samples} after {samples}");
            now += run.PlannedNs;
            scheduler.Finish(now, run, ended);
        }
    }

    [Theory]
    [InlineData(SchedulingPolicies.Fastest)]
    [InlineData(SchedulingPolicies.MultiPath)]
    public void SteadyState_SomeQueriesHaveFloors_AllocatesNothing(string policy)
    {
        var scheduler = new Scheduler(MultiPathTests.Two(limitUs: 10_000) with { Policy = policy });
        var now = 0L;
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                now += 3_000 * Us;
                scheduler.Offer(now, 1 + (i * 37 % 90), scheduler.DeadlineNs(now), i % 2 == 0 ? 0.9 : None);
                scheduler.Offer(now, 1, scheduler.DeadlineNs(now), 1.1);
                while (scheduler.TryStart(now, run))
                {
                    // Not as planned, so that what is learned is counted anew.
                    scheduler.Finish(now + (run.PlannedNs * (1 + (i % 5))), run, ended);
                }
            }
        }));
    }
}
