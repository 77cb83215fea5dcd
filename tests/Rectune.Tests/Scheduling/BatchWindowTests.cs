using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Scheduling;
using Xunit;

namespace Rectune.Tests.Scheduling;

/// <summary>An idle instance waits for company within the slack that deadlines leave.</summary>
public sealed class BatchWindowTests
{
    private const long Us = 1_000;
    private const int MaxBatch = 100;

    private readonly Run run = new(MaxBatch);
    private readonly int[] ended = new int[MaxBatch];

    [Fact]
    public void TryStart_WindowLongerThanTheDeadline_StartsWhileARunOfAllIsStillInTime()
    {
        // 10 us a sample, 2,000 us to answer: 20 samples must begin at 1,800 us, with 30 more at 1,500 us.
        var scheduler = new Scheduler(Settings(0, 10, windowUs: 50_000, limitUs: 2_000));
        Assert.True(scheduler.Offer(0, 20) >= 0);
        Assert.False(scheduler.TryStart((1_800 * Us) - 1, run));
        Assert.Equal(1_800 * Us, scheduler.NextWakeNs);
        Assert.True(scheduler.Offer(1_000 * Us, 30) >= 0);
        Assert.False(scheduler.TryStart((1_500 * Us) - 1, run));
        Assert.Equal(1_500 * Us, scheduler.NextWakeNs);

        Assert.Equal(0, scheduler.DropLate(1_500 * Us, ended));
        Assert.True(scheduler.TryStart(1_500 * Us, run));

        Assert.Equal((50, 500 * Us), (run.Samples, run.PlannedNs));
    }

    [Fact]
    public void TryStart_YoungerQueryIsLessPatient_StartsInTimeForIt()
    {
        var scheduler = new Scheduler(Settings(0, 10, windowUs: 50_000, limitUs: 60_000));
        Assert.True(scheduler.Offer(0, 20) >= 0);
        Assert.True(scheduler.Offer(0, 30, 1_000 * Us) >= 0);
        Assert.Equal(500 * Us, scheduler.NextWakeNs);
    }

    [Fact]
    public void TryStart_DeadlineAndNothingKnownOfRuns_DoesNotWait()
    {
        var scheduler = new Scheduler(SchedulerTests.Settings(1, MaxBatch, MaxBatch, windowUs: 50));
        Assert.True(scheduler.Offer(0, 20) >= 0);
        Assert.False(scheduler.TryStart(0, run));
        Assert.True(scheduler.Offer(0, 20, 1_000 * Us) >= 0);
        Assert.True(scheduler.TryStart(0, run));
        Assert.Equal(40, run.Samples);
    }

    [Fact]
    public void TryStart_YoungerQueryNeedsABetterPath_DoesNotWaitSinceThatIsARunOfItsOwn()
    {
        // 10 us a sample at 0.7, 50 us at 1.0. Whoever comes after the second query cannot run with the first.
        var scheduler = new Scheduler(MultiPathTests.Two(limitUs: 60_000) with { Policy = SchedulingPolicies.Fastest, BatchWindowUs = 50_000 });
        Assert.True(scheduler.Offer(0, 20, 60_000 * Us) >= 0);
        Assert.False(scheduler.TryStart(0, run));
        Assert.True(scheduler.Offer(0, 30, 3_000 * Us, 0.9) >= 0);

        Assert.True(scheduler.TryStart(0, run));
        Assert.Equal((20, 200 * Us), (run.Samples, run.PlannedNs));
        scheduler.Finish(200 * Us, run, ended);
        Assert.Equal(1_500 * Us, scheduler.NextWakeNs);
        Assert.True(scheduler.TryStart(1_500 * Us, run));
        Assert.Equal((30, 1_500 * Us), (run.Samples, run.PlannedNs));
    }

    [Fact]
    public void RandomArrivals_AnyWindow_EveryQueryIsInTimeAndEveryRunBeginsAtTheWindowsEndOrWhenSlackEnds()
    {
        var (byWindow, bySlack) = (0, 0);
        for (ulong seed = 0; seed < 2_000; seed++)
        {
            new History(seed).Play(ref byWindow, ref bySlack);
        }

        Assert.True(byWindow > 500 && bySlack > 500, $"{byWindow} runs by the window, {bySlack} by slack");
    }

    private static SchedulerSettings Settings(long startUs, long usPerSample, int windowUs, int limitUs) => SchedulerTests.Settings(1, MaxBatch, MaxBatch, windowUs) with
    {
        LimitUs = limitUs,
        Paths = [MultiPathTests.Path("p", "cpu", 1, startUs, usPerSample) with { MaxBatch = MaxBatch }],
    };

    /// <summary>Less than a full batch of samples in all, and a limit that leaves time for whatever runs before: runs take what was planned, and nothing is in the way of answering all in time.</summary>
    private sealed class History
    {
        private readonly Run run = new(MaxBatch);
        private readonly int[] ended = new int[MaxBatch];
        private readonly Dictionary<int, (long OfferedNs, int Samples)> inside = [];
        private readonly HashSet<int> waiting = [];
        private readonly Queue<(long Ns, int Samples)> arrivals = new();
        private readonly long startUs;
        private readonly long usPerSample;
        private readonly long windowNs;
        private readonly long limitNs;
        private readonly Scheduler scheduler;

        public History(ulong seed)
        {
            var random = SplitMix64.For(seed, 12);
            (startUs, usPerSample) = (random.NextInt64(400), 1 + random.NextInt64(20));
            var fullUs = startUs + (MaxBatch * usPerSample);
            var limitUs = (int)((3 * fullUs) + random.NextInt64(3 * fullUs));
            var windowUs = 1 + (int)random.NextInt64(2 * limitUs);
            (windowNs, limitNs) = (windowUs * Us, limitUs * Us);
            scheduler = new Scheduler(Settings(startUs, usPerSample, windowUs, limitUs));
            var at = 0L;
            for (var samples = 0; ;)
            {
                var size = 1 + (int)random.NextInt64(20);
                samples += size;
                if (samples >= MaxBatch)
                {
                    return;
                }

                at += random.NextInt64(windowNs);
                arrivals.Enqueue((at, size));
            }
        }

        public void Play(ref int byWindow, ref int bySlack)
        {
            var (now, changedNs, endsNs) = (0L, 0L, long.MaxValue);
            while (true)
            {
                var arrivalNs = arrivals.Count > 0 ? arrivals.Peek().Ns : long.MaxValue;
                now = Math.Min(Math.Min(arrivalNs, endsNs), Math.Max(now, scheduler.NextWakeNs));
                if (now == long.MaxValue)
                {
                    Assert.Empty(inside);
                    return;
                }

                if (endsNs == now)
                {
                    Finish(now);
                    (changedNs, endsNs) = (now, long.MaxValue);
                }
                else if (arrivalNs == now)
                {
                    Offer(now);
                    changedNs = now;
                }

                Assert.Equal(0, scheduler.DropLate(now, ended));
                var (windowEndNs, slackEndNs) = waiting.Count == 0 ? default : Ends();
                if (scheduler.TryStart(now, run))
                {
                    Assert.Equal(Math.Max(changedNs, Math.Min(windowEndNs, slackEndNs)), now);
                    byWindow += now == windowEndNs ? 1 : 0;
                    bySlack += now == slackEndNs ? 1 : 0;
                    endsNs = now + RunNs(run.Samples);
                    waiting.ExceptWith(Enumerable.Range(0, run.Parts).Select(i => run[i].Slot));
                }
            }
        }

        private long RunNs(int samples) => (startUs + (usPerSample * samples)) * Us;

        private void Offer(long now)
        {
            var (_, samples) = arrivals.Dequeue();
            var slot = scheduler.Offer(now, samples);
            Assert.True(slot >= 0, $"refused: {slot}");
            inside.Add(slot, (now, samples));
            waiting.Add(slot);
        }

        private void Finish(long now)
        {
            var count = scheduler.Finish(now, run, ended);
            Assert.True(count > 0);
            for (var i = 0; i < count; i++)
            {
                Assert.True(inside.Remove(ended[i], out var query));
                Assert.True(now <= query.OfferedNs + limitNs, $"late by {now - query.OfferedNs - limitNs} ns");
            }
        }

        /// <summary>When the oldest that waits has waited the window, and when a run of all must begin for it.</summary>
        private (long WindowNs, long SlackNs) Ends()
        {
            var oldestNs = waiting.Min(slot => inside[slot].OfferedNs);
            return (oldestNs + windowNs, oldestNs + limitNs - RunNs(waiting.Sum(slot => inside[slot].Samples)));
        }
    }
}
