using Rectune.Core.Numerics;
using Rectune.Core.Scheduling;
using Xunit;

namespace Rectune.Tests.Scheduling;

/// <summary>Random histories of offers, starts and finishes, each followed through a ledger that knows nothing of the scheduler's inside.</summary>
public sealed class SchedulerPropertyTests
{
    [Fact]
    public void RandomHistories_EverySampleRunsOnceInOrderWithinLimits()
    {
        for (ulong seed = 0; seed < 300; seed++)
        {
            new History(seed).Play(400);
        }
    }

    private sealed class Query
    {
        public required int Order;
        public required bool[] Ran;
        public int Unfinished;
    }

    private sealed class History
    {
        private readonly Dictionary<int, Query> inside = [];
        private readonly List<Run> running = [];
        private readonly Stack<Run> spare = new();
        private readonly Scheduler scheduler;
        private readonly int instances;
        private readonly int split;
        private readonly int batch;
        private readonly int limit;
        private SplitMix64 random;
        private long now;
        private int offered;
        private int lastStarted;

        public History(ulong seed)
        {
            random = SplitMix64.For(seed, 1);
            instances = 1 + (int)random.NextInt64(4);
            split = 1 + (int)random.NextInt64(40);
            batch = split + (int)random.NextInt64(60);
            limit = 1 + (int)random.NextInt64(20);
            var windowUs = (int)random.NextInt64(3) * 10;
            scheduler = new Scheduler(SchedulerTests.Settings(instances, split, batch, windowUs, limit));
            for (var i = 0; i < instances; i++)
            {
                spare.Push(new Run(batch));
            }
        }

        public void Play(int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                now += random.NextInt64(8_000);
                if (random.NextDouble() < 0.5)
                {
                    Offer();
                }
                else if (running.Count > 0)
                {
                    Finish();
                }

                Start();
            }

            while (running.Count > 0 || inside.Count > 0)
            {
                Start();
                if (running.Count > 0)
                {
                    Finish();
                }
                else
                {
                    Assert.True(scheduler.NextWakeNs > now && scheduler.NextWakeNs < long.MaxValue, "work waits, nothing runs, and no wake-up is due");
                    now = scheduler.NextWakeNs;
                }
            }

            Assert.Equal(0, scheduler.QueriesInside);
            Assert.Equal(0, scheduler.WaitingQueries);
        }

        private void Offer()
        {
            var samples = 1 + (int)random.NextInt64(120);
            var slot = scheduler.Offer(now, samples);
            Assert.Equal(inside.Count >= limit, slot < 0);
            if (slot >= 0)
            {
                Assert.InRange(slot, 0, limit - 1);
                inside.Add(slot, new Query { Order = offered++, Ran = new bool[samples], Unfinished = samples });
            }
        }

        private void Start()
        {
            while (running.Count < instances)
            {
                var run = spare.Pop();
                var (waiting, idle) = (scheduler.WaitingParts, instances - running.Count);
                if (!scheduler.TryStart(now, run))
                {
                    spare.Push(run);
                    break;
                }

                Assert.DoesNotContain(running, r => r.Instance == run.Instance);
                Assert.True(run.Samples <= batch);
                var total = 0;
                for (var i = 0; i < run.Parts; i++)
                {
                    var part = run[i];
                    var query = inside[part.Slot];
                    Assert.InRange(part.Count, 1, split);
                    Assert.True(query.Order >= lastStarted, "a younger query started before an older one");
                    lastStarted = query.Order;
                    total += part.Count;
                    for (var s = part.Start; s < part.Start + part.Count; s++)
                    {
                        Assert.False(query.Ran[s]);
                        query.Ran[s] = true;
                    }
                }

                Assert.Equal(total, run.Samples);
                Assert.InRange(run.Parts, 1, (waiting + idle - 1) / idle);
                Assert.Equal(waiting - run.Parts, scheduler.WaitingParts);
                running.Add(run);
            }

            Assert.Equal(inside.Count, scheduler.QueriesInside);
            Assert.Equal(inside.Values.Count(q => q.Ran.Contains(false)), scheduler.WaitingQueries);
        }

        private void Finish()
        {
            var run = running[(int)random.NextInt64(running.Count)];
            running.Remove(run);
            var complete = new HashSet<int>();
            for (var i = 0; i < run.Parts; i++)
            {
                var query = inside[run[i].Slot];
                query.Unfinished -= run[i].Count;
                if (query.Unfinished == 0)
                {
                    complete.Add(run[i].Slot);
                }
            }

            var ended = new int[run.Parts];
            var count = scheduler.Finish(now, run, ended);
            Assert.Equal(complete.Order(), ended[..count].Order());
            foreach (var slot in complete)
            {
                inside.Remove(slot);
            }

            spare.Push(run);
        }
    }
}
