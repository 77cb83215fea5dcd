using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Scheduling;
using Xunit;

namespace Rectune.Tests.Scheduling;

/// <summary>Instances that fail, are replaced, and may not come back for long.</summary>
public sealed class RetiredInstanceTests
{
    private readonly Run run = new(1000);
    private readonly int[] ended = new int[1000];

    [Fact]
    public void Retire_ItsQueriesEnd_AndItTakesNoRunUntilItIsReturned()
    {
        var scheduler = new Scheduler(SchedulerTests.Settings(1, 10, 10));
        var slot = scheduler.Offer(0, 5);
        Assert.True(scheduler.TryStart(0, run));

        Assert.Equal(1, scheduler.Retire(run, ended));

        Assert.Equal(slot, ended[0]);
        Assert.Equal(0, scheduler.QueriesInside);
        var next = scheduler.Offer(1, 5);
        var other = new Run(10);
        Assert.False(scheduler.TryStart(2, other));
        scheduler.Return(run);
        Assert.True(scheduler.TryStart(3, other));
        Assert.Equal(next, other[0].Slot);
        Assert.Equal(1, scheduler.Finish(4, other, ended));
        Assert.Throws<InvalidOperationException>(() => scheduler.Return(run));
    }

    [Fact]
    public void Withdraw_TheLastInstance_DropsWhatWaitsAndRefusesUntilItIsReturned()
    {
        // Parts of 8, 8 and 9 samples, of which the first has run, and a query behind them.
        var scheduler = new Scheduler(SchedulerTests.Settings(1, 10, 10));
        var cut = scheduler.Offer(0, 25);
        var behind = scheduler.Offer(0, 5);
        Assert.True(scheduler.TryStart(0, run));
        Assert.Equal(0, scheduler.Retire(run, ended));

        scheduler.Withdraw(run);

        Assert.Equal(Scheduler.TooLate, scheduler.Offer(1, 5));
        Assert.Equal(0, scheduler.DropLate(1, ended));
        Assert.Equal((1, cut), (scheduler.DropLost(ended.AsSpan(0, 1)), ended[0]));
        Assert.Equal((1, behind), (scheduler.DropLost(ended.AsSpan(0, 1)), ended[0]));
        Assert.Equal(0, scheduler.DropLost(ended));
        Assert.Equal((0, 0, 0), (scheduler.QueriesInside, scheduler.WaitingQueries, scheduler.WaitingParts));
        scheduler.Return(run);
        Assert.True(scheduler.Offer(2, 5) >= 0);
        Assert.True(scheduler.TryStart(2, run));
        Assert.Equal(1, scheduler.Finish(3, run, ended));
    }

    [Fact]
    public void Retire_Withdrawn_IsCountedOnNoLongerAtOnce()
    {
        var scheduler = new Scheduler(SchedulerTests.Settings(1, 10, 10));
        Assert.True(scheduler.Offer(0, 5) >= 0);
        Assert.True(scheduler.TryStart(0, run));
        Assert.Equal(1, scheduler.Retire(run, ended, withdraw: true));
        Assert.Equal(Scheduler.TooLate, scheduler.Offer(1, 5));
        scheduler.Withdraw(run);
        scheduler.Return(run);
        Assert.True(scheduler.Offer(2, 5) >= 0);
    }

    [Fact]
    public void DropLate_DeviceIsLost_LeavesItsQueriesToDropLost()
    {
        // 10 us a sample: a query of 5 with 70 us is late from 20 us on, but its device is gone before that is asked.
        var scheduler = new Scheduler(SchedulerTests.Settings(1, 10, 10) with { Policy = SchedulingPolicies.Fastest, Paths = [MultiPathTests.Path("p", "cpu", 1, 0, 10) with { MaxBatch = 10 }] });
        Assert.True(scheduler.Offer(0, 1) >= 0);
        Assert.True(scheduler.TryStart(0, run));
        var slot = scheduler.Offer(0, 5, 70_000);
        scheduler.Retire(run, ended);
        scheduler.Withdraw(run);

        Assert.Equal(0, scheduler.DropLate(50_000, ended));
        Assert.Equal((1, slot), (scheduler.DropLost(ended), ended[0]));
    }

    [Fact]
    public void Withdraw_OneOfTwo_WaitsAreReckonedWithTheOther()
    {
        // 10 us a sample: three queries of 100 ahead take 3,000 us on one instance, half of it on two.
        var scheduler = new Scheduler(SchedulerTests.Settings(1, 100, 100) with { Policy = SchedulingPolicies.Fastest, Paths = [MultiPathTests.Path("p", "cpu", 1, 0, 10, instances: 2) with { MaxBatch = 100 }] });
        var lost = new Run(100);
        scheduler.Offer(0, 100);
        Assert.True(scheduler.TryStart(0, lost));
        scheduler.Retire(lost, ended);
        scheduler.Withdraw(lost);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(scheduler.Offer(0, 100) >= 0);
        }

        Assert.True(scheduler.TryStart(0, run));
        Assert.Equal(Scheduler.TooLate, scheduler.Offer(0, 100, 3_500_000));
        scheduler.Return(lost);
        Assert.True(scheduler.Offer(0, 100, 3_500_000) >= 0);
    }

    [Theory]
    [InlineData(SchedulingPolicies.Static)]
    [InlineData(SchedulingPolicies.Fastest)]
    [InlineData(SchedulingPolicies.Offload)]
    [InlineData(SchedulingPolicies.MultiPath)]
    public void Withdraw_OneOfTwo_PartsAreNotSpreadOverIt(string policy)
    {
        // Two parts of 100 samples, 10 us each: 1,000 us side by side, 2,000 us one after the other.
        var scheduler = new Scheduler(SchedulerTests.Settings(2, 100, 100) with { Policy = policy, LimitUs = 60_000, Paths = [MultiPathTests.Path("p", "cpu", 1, 0, 10, instances: 2) with { MaxBatch = 100 }] });
        Assert.True(scheduler.Offer(0, 100) >= 0);
        Assert.True(scheduler.TryStart(0, run));
        scheduler.Retire(run, ended);
        scheduler.Withdraw(run);

        Assert.Equal(Scheduler.TooLate, scheduler.Offer(0, 200, 1_900_000));
        scheduler.Return(run);
        Assert.True(scheduler.Offer(0, 200, 1_900_000) >= 0);
    }

    [Theory]
    [InlineData(SchedulingPolicies.Fastest)]
    [InlineData(SchedulingPolicies.Offload)]
    [InlineData(SchedulingPolicies.MultiPath)]
    public void Withdraw_AllOfADevice_QueriesGoToTheOther(string policy)
    {
        var scheduler = new Scheduler(MultiPathTests.Devices(policy) with { OffloadAbove = 500, LimitUs = 1_000_000 });
        var lost = new Run(1000);
        Assert.True(scheduler.Offer(0, 100) >= 0);
        Assert.True(scheduler.TryStart(0, lost));
        scheduler.Retire(lost, ended);
        scheduler.Withdraw(lost);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(scheduler.Offer(1, 100) >= 0);
            Assert.True(scheduler.TryStart(1, run));
            Assert.NotEqual(lost.Instance, run.Instance);
            scheduler.Finish(1, run, ended);
        }

        Assert.True(scheduler.Offer(2, 100) >= 0);
        Assert.True(scheduler.TryStart(2, run));
        scheduler.Retire(run, ended);
        scheduler.Withdraw(run);
        Assert.Equal(Scheduler.TooLate, scheduler.Offer(3, 100));
        Assert.Equal(Scheduler.TooLate, scheduler.Offer(3, 100, long.MaxValue));
    }

    [Fact]
    public void RandomHistories_InstancesFailAndComeBack_EveryQueryEndsOnceAndNoSampleRunsTwice()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            new History(seed).Play(500);
        }
    }

    private sealed class History
    {
        private readonly Dictionary<int, bool[]> inside = [];
        private readonly List<Run> running = [];
        private readonly List<Run> retired = [];
        private readonly HashSet<int> withdrawn = [];
        private readonly Scheduler scheduler;
        private readonly int instances;
        private readonly int[] slots = new int[64];
        private SplitMix64 random;
        private long now;

        public History(ulong seed)
        {
            random = SplitMix64.For(seed, 9);
            instances = 1 + (int)random.NextInt64(4);
            scheduler = new Scheduler(SchedulerTests.Settings(instances, 1 + (int)random.NextInt64(20), 40, windowUs: (int)random.NextInt64(2) * 10));
        }

        public void Play(int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                now += random.NextInt64(8_000);
                switch (random.NextInt64(6))
                {
                    case 0 or 1:
                        Offer();
                        break;
                    case 2 or 3:
                        End(fails: false);
                        break;
                    case 4:
                        End(fails: true);
                        break;
                    default:
                        Return();
                        break;
                }

                DropLost();
                Start();
                Assert.Equal(inside.Count, scheduler.QueriesInside);
            }

            while (retired.Count > 0)
            {
                Return();
            }

            for (Start(); inside.Count > 0; Start())
            {
                now = running.Count > 0 ? now : scheduler.NextWakeNs;
                End(fails: false);
            }

            Assert.Equal((0, 0, 0), (scheduler.QueriesInside, scheduler.WaitingQueries, scheduler.WaitingParts));
        }

        private void Offer()
        {
            var samples = 1 + (int)random.NextInt64(60);
            var slot = scheduler.Offer(now, samples);
            Assert.Equal(withdrawn.Count == instances ? Scheduler.TooLate : inside.Count == 64 ? Scheduler.Full : 0, Math.Min(0, slot));
            if (slot >= 0)
            {
                inside.Add(slot, new bool[samples]);
            }
        }

        private void Start()
        {
            for (var run = new Run(40); scheduler.TryStart(now, run); run = new Run(40))
            {
                Assert.DoesNotContain(running.Concat(retired), other => other.Instance == run.Instance);
                for (var i = 0; i < run.Parts; i++)
                {
                    for (var s = run[i].Start; s < run[i].Start + run[i].Count; s++)
                    {
                        Assert.False(inside[run[i].Slot][s]);
                        inside[run[i].Slot][s] = true;
                    }
                }

                running.Add(run);
            }
        }

        private void End(bool fails)
        {
            if (running.Count == 0)
            {
                return;
            }

            var run = running[(int)random.NextInt64(running.Count)];
            running.Remove(run);
            var count = fails ? scheduler.Retire(run, slots) : scheduler.Finish(now, run, slots);
            for (var i = 0; i < count; i++)
            {
                Assert.DoesNotContain(false, inside[slots[i]]);
                Assert.True(inside.Remove(slots[i]));
            }

            if (fails)
            {
                retired.Add(run);
                if (random.NextInt64(2) == 0)
                {
                    scheduler.Withdraw(run);
                    withdrawn.Add(run.Instance);
                }
            }
        }

        private void Return()
        {
            if (retired.Count > 0)
            {
                var run = retired[(int)random.NextInt64(retired.Count)];
                retired.Remove(run);
                withdrawn.Remove(run.Instance);
                scheduler.Return(run);
            }
        }

        private void DropLost()
        {
            var count = scheduler.DropLost(slots);
            Assert.True(count == 0 || withdrawn.Count == instances);
            for (var i = 0; i < count; i++)
            {
                Assert.True(inside.Remove(slots[i]));
            }
        }
    }
}
