using FsCheck;
using FsCheck.Fluent;
using Rectune.Core.Numerics;
using Rectune.Core.Workloads;
using Xunit;

namespace Rectune.Tests.Workloads;

public sealed class CacheAllocationTests
{
    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithReplay(20260312, 1).WithMaxTest(200);

    [Theory]
    [InlineData(32, 32, 32)]
    [InlineData(80, 80, 80)]
    [InlineData(80, 32, 272)]
    public void Split_SmallTables_IsAsGoodAsTheBestOfAll(long first, long second, long third)
    {
        CacheDemand[] demands =
        [
            new(new ZipfRanks(9, 1.1), 1, first),
            new(new CountedRanks([6, 3, 3, 1], 20), 3, second),
            new(new ZipfRanks(5, 0), 2, third),
        ];
        var largest = demands.Max(demand => demand.EntryBytes);
        for (var bytes = 0L; bytes <= 2600; bytes += 8)
        {
            var split = CacheAllocation.Split(demands, bytes);
            var used = Bytes(demands, split);
            Assert.True(used <= bytes);
            var best = BestOfAll(demands, bytes);

            // Entries of one size leave nothing to gain; of several, no more than the room that was left could have brought.
            var room = (bytes - used) * demands.Max(demand => demand.Density(1)) / 6;
            Assert.InRange(CacheAllocation.HitRate(demands, split), first == third ? best - 1e-12 : best - room - 1e-12, best + 1e-12);
            Assert.True(bytes - used < largest || used == Bytes(demands, [9, 4, 5]));
        }
    }

    /// <summary>A million ids drawn from the law itself: what the most popular get is a binomial share, held to four standard deviations.</summary>
    [Theory]
    [InlineData(0, 5_000)]
    [InlineData(0.8, 5_000)]
    [InlineData(1.05, 100)]
    [InlineData(1.05, 5_000)]
    [InlineData(1.2, 5_000)]
    public void HitRate_DrawnIds_HitAsOften(double alpha, long entries)
    {
        const int Rows = 200_000;
        const int Draws = 1_000_000;
        var sampler = new ZipfSampler(Rows, alpha);
        var generator = new SplitMix64(6);
        var hits = 0;
        for (var i = 0; i < Draws; i++)
        {
            hits += sampler.Next(ref generator) <= entries ? 1 : 0;
        }

        var expected = CacheAllocation.HitRate([new CacheDemand(new ZipfRanks(Rows, alpha), 1, 80)], [entries]);
        Assert.Equal(expected, (double)hits / Draws, 4 * Math.Sqrt(expected * (1 - expected) / Draws));
    }

    [Fact]
    public void Split_AnyDemands_UsesMoreMemoryForMoreHits() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed =>
        {
            var random = new SplitMix64((ulong)seed);
            CacheDemand[] demands = [.. Enumerable.Range(0, 1 + (int)random.NextInt64(6)).Select(_ => Demand(ref random))];
            var all = Bytes(demands, [.. demands.Select(demand => demand.Law.Ranks)]);
            var before = 0.0;
            for (var step = 0; step <= 10; step++)
            {
                var bytes = all * step / 10;
                var split = CacheAllocation.Split(demands, bytes);
                var hits = CacheAllocation.HitRate(demands, split);
                Assert.True(Bytes(demands, split) <= bytes);
                Assert.True(hits >= before - 1e-9 && hits is >= 0 and <= 1, $"{hits} after {before}");
                before = hits;
            }

            Assert.Equal(1, before, 1e-9);
        }).Check(Seeded);

    [Fact]
    public void Split_NothingLookedUp_KeepsNothing()
    {
        Assert.Equal([0], CacheAllocation.Split([new CacheDemand(new ZipfRanks(10, 1), 0, 80)], 1000));
        Assert.Equal([0], CacheAllocation.Split([new CacheDemand(new CountedRanks([], 5), 1, 80)], 1000));
        Assert.Empty(CacheAllocation.Split([], 1000));
    }

    private static CacheDemand Demand(ref SplitMix64 random)
    {
        var entry = 16 + (4 * (1 + random.NextInt64(64)));
        return new CacheDemand(new ZipfRanks(1 + random.NextInt64(1_000_000), 2 * random.NextDouble()), 1 + random.NextInt64(80), entry);
    }

    private static long Bytes(CacheDemand[] demands, long[] entries) => demands.Zip(entries, (demand, count) => demand.EntryBytes * count).Sum();

    private static double BestOfAll(CacheDemand[] demands, long bytes)
    {
        var best = 0.0;
        for (var a = 0L; a <= demands[0].Law.Ranks; a++)
        {
            for (var b = 0L; b <= demands[1].Law.Ranks; b++)
            {
                for (var c = 0L; c <= demands[2].Law.Ranks; c++)
                {
                    long[] entries = [a, b, c];
                    best = Bytes(demands, entries) <= bytes ? Math.Max(best, CacheAllocation.HitRate(demands, entries)) : best;
                }
            }
        }

        return best;
    }
}
