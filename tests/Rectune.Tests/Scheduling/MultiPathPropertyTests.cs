using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Scheduling;
using Xunit;

namespace Rectune.Tests.Scheduling;

/// <summary>Random devices, paths, deadlines, floors of quality and luck, followed through a ledger that knows nothing of the scheduler's inside.</summary>
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

    [Fact]
    public void RandomDevices_IdleAndNothingLearned_RefuseExactlyWhatNoAllowedPathAnswersInTime()
    {
        for (ulong seed = 0; seed < 2_000; seed++)
        {
            var random = SplitMix64.For(seed, 6);
            var settings = Settings(ref random);
            var samples = 1 + (int)random.NextInt64(settings.SplitSamples);
            var floor = Floor(settings, ref random);
            ScheduledPath[] allowed = [.. settings.Paths.Where(path => Meets(path, floor))];
            if (allowed.Length == 0)
            {
                Assert.Equal(Scheduler.NoSuchQuality, new Scheduler(settings).Offer(0, samples, long.MaxValue, floor));
                continue;
            }

            // Between what is planned for one sample and for a thousand on a straight line; planned times are whole nanoseconds.
            var us = allowed.Min(path => path.Planned[0].Us + ((path.Planned[1].Us - path.Planned[0].Us) * (samples - 1) / 999));
            Assert.True(new Scheduler(settings).Offer(0, samples, (long)(us * 1e3) + 2, floor) >= 0);
            Assert.Equal(Scheduler.TooLate, new Scheduler(settings).Offer(0, samples, (long)(us * 1e3) - 2, floor));
        }
    }

    [Fact]
    public void RandomHistories_FloorsThatEveryPathMeets_ChangeNothing()
    {
        for (ulong seed = 0; seed < 100; seed++)
        {
            var random = SplitMix64.For(seed, 7);
            var settings = Settings(ref random);
            settings = settings with { Paths = [.. settings.Paths.Select(path => path with { Quality = path.Quality ?? 0.5 })] };
            var (plain, floored) = (new Scheduler(settings), new Scheduler(settings));
            var lowest = settings.Paths.Min(path => path.Quality!.Value);
            var room = settings.Paths.Max(path => path.MaxBatch);
            List<(Run Plain, Run Floored)> running = [];
            var (now, ended, same) = (0L, new int[room], new int[room]);
            for (var step = 0; step < 300; step++)
            {
                now += random.NextInt64(200_000);
                var (samples, deadline) = (1 + (int)random.NextInt64(300), now + 100_000 + random.NextInt64(40_000_000));
                Assert.Equal(plain.Offer(now, samples, deadline), floored.Offer(now, samples, deadline, random.NextDouble() < 0.5 ? lowest : -1));
                var pair = (Plain: new Run(room), Floored: new Run(room));
                while (plain.TryStart(now, pair.Plain))
                {
                    Assert.True(floored.TryStart(now, pair.Floored));
                    Assert.Equal((pair.Plain.Path, pair.Plain.Instance, pair.Plain.Samples), (pair.Floored.Path, pair.Floored.Instance, pair.Floored.Samples));
                    Assert.Equal(Enumerable.Range(0, pair.Plain.Parts).Select(i => pair.Plain[i]), Enumerable.Range(0, pair.Floored.Parts).Select(i => pair.Floored[i]));
                    running.Add(pair);
                    pair = (new Run(room), new Run(room));
                }

                Assert.False(floored.TryStart(now, pair.Floored));
                if (running.Count > 0 && random.NextDouble() < 0.7)
                {
                    var next = running[(int)random.NextInt64(running.Count)];
                    running.Remove(next);
                    Assert.Equal(plain.Finish(now, next.Plain, ended), floored.Finish(now, next.Floored, same));
                }

                Assert.Equal(plain.DropLate(now, ended), floored.DropLate(now, same));
            }
        }
    }

    private static void Play(ulong seed)
    {
        var random = SplitMix64.For(seed, 5);
        var settings = Settings(ref random);
        var scheduler = new Scheduler(settings);
        var room = settings.Paths.Max(path => path.MaxBatch);
        Dictionary<int, (bool[] Ran, int Lane, int Order, double Floor)> inside = [];
        List<(Run Run, long Ends)> running = [];
        Dictionary<int, int> lastStarted = [];
        var (now, order, dropped) = (0L, 0, new int[settings.QueueLimit]);
        var flooredShare = random.NextInt64(3) * 0.5;
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
            var floor = luck.NextDouble() < flooredShare ? Floor(settings, ref luck) : double.NegativeInfinity;
            var slot = scheduler.Offer(now, samples, luck.NextDouble() < 0.2 ? long.MaxValue : now + 100_000 + luck.NextInt64(40_000_000), floor);
            Assert.Equal(!settings.Paths.Any(path => Meets(path, floor)), slot == Scheduler.NoSuchQuality);
            Assert.True(slot is >= 0 or Scheduler.NoSuchQuality || (inside.Count == settings.QueueLimit ? slot == Scheduler.Full : slot == Scheduler.TooLate));
            if (slot >= 0)
            {
                inside.Add(slot, (new bool[samples], -1, order++, floor));
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
                    var (ran, lane, born, floor) = inside[run[i].Slot];
                    Assert.True(Meets(path, floor), "a path below the floor of a query answers it");
                    Assert.True(lane == -1 || lane == run.Lane, "a query runs on two devices");
                    Assert.True(born >= lastStarted.GetValueOrDefault(run.Lane), "a younger query of a device started before an older one");
                    lastStarted[run.Lane] = born;
                    inside[run[i].Slot] = (ran, run.Lane, born, floor);
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

    private static bool Meets(ScheduledPath path, double floor) => double.IsNegativeInfinity(floor) || path.Quality >= floor;

    /// <summary>The quality of a path, or a little more or less than some have.</summary>
    private static double Floor(SchedulerSettings settings, ref SplitMix64 random) =>
        settings.Paths[(int)random.NextInt64(settings.Paths.Count)].Quality is { } quality && random.NextDouble() < 0.5 ? quality : 0.45 + (0.1 * random.NextInt64(6));

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
                paths.Add(made with { MaxBatch = maxBatch, TypicalShare = 0.5 + (0.5 * random.NextDouble()), Quality = random.NextDouble() < 0.15 ? null : made.Quality });
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
            OffloadAbove = 1 + (int)random.NextInt64(200),
        };
    }
}
