using Rectune.Core.Numerics;
using Rectune.Core.Workloads;
using Rectune.Engine.Kernels;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Kernels;

public sealed class FrequentIdsTests
{
    [Theory]
    [InlineData(16, 1.05)]
    [InlineData(256, 1.05)]
    [InlineData(256, 0)]
    [InlineData(4096, 1.05)]
    [InlineData(4096, 0.6)]
    public void Counts_SkewedIds_AreNeverAboveTheTruthAndFindTheHottest(int capacity, double alpha)
    {
        const int Draws = 200_000;
        var sampler = new ZipfSampler(100_000, alpha);
        var scatter = new RankScatter(100_000, 8);
        var random = new SplitMix64(5);
        var ids = new FrequentIds(capacity);
        var truth = new Dictionary<int, int>();
        for (var i = 0; i < Draws; i++)
        {
            var id = (int)scatter.Row(sampler.Next(ref random) - 1);
            ids.Add(id);
            truth[id] = truth.GetValueOrDefault(id) + 1;
        }

        var counts = ids.Counts().ToDictionary(pair => pair.Id, pair => pair.Count);
        Assert.InRange(counts.Count, 1, capacity);
        Assert.All(counts, pair => Assert.InRange(pair.Value, 1, truth[pair.Key]));

        // A set of eight sees about its part of the draws; by four times that, a ninth bounds what any count lacks.
        var most = 4.0 * Draws * 8 / capacity / 9;
        Assert.All(truth.Where(pair => pair.Value > most), pair => Assert.InRange(counts.GetValueOrDefault(pair.Key), pair.Value - most, pair.Value));
    }

    [Fact]
    public void Counts_FewIds_AreExact()
    {
        var ids = new FrequentIds(16);
        foreach (var id in new[] { 0, int.MaxValue, 0, 3, 0, int.MaxValue })
        {
            ids.Add(id);
        }

        Assert.Equal([(0, 3), (3, 1), (int.MaxValue, 2)], ids.Counts().Order());
    }

    [Fact]
    public void Add_AllocatesNothing()
    {
        var ids = new FrequentIds(64);
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                ids.Add(i % 300);
            }
        }));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(100)]
    public void Constructor_OddCapacity_Refuses(int capacity) => Assert.Throws<ArgumentOutOfRangeException>(() => new FrequentIds(capacity));
}
