using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Scheduling;
using Xunit;

namespace Rectune.Tests.Scheduling;

/// <summary>Random devices, paths, deadlines and luck, followed through a ledger that knows nothing of the scheduler's inside.</summary>
public sealed class MultiPathPropertyTests
{
    [Fact]
    public void RandomHistories_EveryAcceptedSampleRunsOnceOnItsDeviceOrItsQueryIsDropped()
    {
        for (ulong seed = 0; seed < 300; seed++)
        {
            Play(seed);
        }
    }

    private static void Play(ulong seed)
    {
        var random = SplitMix64.For(seed, 5);
        var settings = Settings(ref random);
        var scheduler = new Scheduler(settings);
        var room = settings.Paths.Max(path => path.MaxBatch);
        Dictionary<int, (bool[] Ran, int Lane, int Order)> inside = [];
        List<(Run Run, long Ends)> running = [];
        Dictionary<int, int> lastStarted = [];
        var (now, order, dropped) = (0L, 0, new int[settings.QueueLimit]);
        for (var step = 0; step < 600 || inside.Count > 0; step++)
        {
            Assert.True(step < 100_000, "queries stay inside for ever");
            now += random.NextInt64(200_000);
            if (step < 400)
            {
                Offer(ref random);
            }

            DropLate();
            Start(ref random);
            while (running.Count > 0 && running.MinBy(r => r.Ends) is var next && (next.Ends <= now || step >= 400))
            {
                now = Math.Max(now, next.Ends);
                Finish(next);
                DropLate();
                Start(ref random);
            }

            Assert.Equal(inside.Count, scheduler.QueriesInside);
        }

        void Offer(ref SplitMix64 luck)
        {
            var samples = 1 + (int)luck.NextInt64(300);
            var slot = scheduler.Offer(now, samples, luck.NextDouble() < 0.2 ? long.MaxValue : now + 100_000 + luck.NextInt64(40_000_000));
            Assert.True(slot >= 0 || (inside.Count == settings.QueueLimit ? slot == Scheduler.Full : slot == Scheduler.TooLate));
            if (slot >= 0)
            {
                inside.Add(slot, (new bool[samples], -1, order++));
            }
        }

        void DropLate()
        {
            var count = scheduler.DropLate(now, dropped);
            for (var i = 0; i < count; i++)
            {
                Assert.DoesNotContain(true, inside[dropped[i]].Ran);
                inside.Remove(dropped[i]);
            }
        }

        void Start(ref SplitMix64 luck)
        {
            var run = new Run(room);
            while (scheduler.TryStart(now, run))
            {
                var path = settings.Paths[run.Path];
                Assert.DoesNotContain(running, r => r.Run.Instance == run.Instance);
                Assert.InRange(run.Samples, 1, path.MaxBatch);
                var total = 0;
                for (var i = 0; i < run.Parts; i++)
                {
                    var (ran, lane, born) = inside[run[i].Slot];
                    Assert.True(lane == -1 || lane == run.Lane, "a query runs on two devices");
                    Assert.True(born >= lastStarted.GetValueOrDefault(run.Lane), "a younger query of a device started before an older one");
                    lastStarted[run.Lane] = born;
                    inside[run[i].Slot] = (ran, run.Lane, born);
                    for (var s = run[i].Start; s < run[i].Start + run[i].Count; s++)
                    {
                        Assert.False(ran[s]);
                        ran[s] = true;
                    }

                    total += run[i].Count;
                }

                Assert.Equal(total, run.Samples);
                running.Add((run, now + 1 + (long)(run.PlannedNs * (0.5 + luck.NextDouble()))));
                run = new Run(room);
            }
        }

        void Finish((Run Run, long Ends) ends)
        {
            running.Remove(ends);
            var ended = new int[ends.Run.Parts];
            var count = scheduler.Finish(now, ends.Run, ended);
            for (var i = 0; i < count; i++)
            {
                Assert.DoesNotContain(false, inside[ended[i]].Ran);
                inside.Remove(ended[i]);
            }
        }
    }

    private static SchedulerSettings Settings(ref SplitMix64 random)
    {
        var split = 1 + (int)random.NextInt64(60);
        var devices = 1 + (int)random.NextInt64(3);
        List<ScheduledPath> paths = [];
        for (var device = 0; device < devices; device++)
        {
            var (instances, count) = (1 + (int)random.NextInt64(3), 1 + random.NextInt64(4));
            for (var path = 0; path < count; path++)
            {
                var maxBatch = split + (int)random.NextInt64(60);
                var made = MultiPathTests.Path($"{device}.{path}", $"device-{device}", 0.5 + (0.1 * random.NextInt64(5)), random.NextInt64(300), 1 + random.NextInt64(60), instances);
                paths.Add(made with { MaxBatch = maxBatch, TypicalShare = 0.5 + (0.5 * random.NextDouble()) });
            }
        }

        var policy = SchedulingPolicies.Names[(int)random.NextInt64(SchedulingPolicies.Names.Count)];
        if (policy is SchedulingPolicies.Static or SchedulingPolicies.Offload)
        {
            paths = [.. paths.DistinctBy(path => path.Device).Take(policy == SchedulingPolicies.Static ? 1 : 2)];
        }

        return SchedulerTests.Settings(1, split, split + 60, windowUs: (int)random.NextInt64(2) * 100, limit: 1 + (int)random.NextInt64(40)) with
        {
            Policy = policy,
            Paths = paths,
            LimitUs = 20_000,
            SlackShare = 0.9 * random.NextDouble(),
            HysteresisShare = 0.3 * random.NextDouble(),
            QualityMin = random.NextDouble() < 0.5 ? paths.Max(path => path.Quality) - (0.2 * random.NextDouble()) : null,
            OffloadAbove = (int)random.NextInt64(200),
        };
    }
}
