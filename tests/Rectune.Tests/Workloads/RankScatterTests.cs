using Rectune.Core.Workloads;
using Xunit;

namespace Rectune.Tests.Workloads;

public sealed class RankScatterTests
{
    [Fact]
    public void Row_EverySmallTable_IsOneToOne()
    {
        for (var rows = 1; rows <= 300; rows++)
        {
            foreach (var seed in new ulong[] { 0, 1, 99 })
            {
                var scatter = new RankScatter(rows, seed);
                var image = Enumerable.Range(0, rows).Select(rank => scatter.Row(rank)).Order();
                Assert.Equal(Enumerable.Range(0, rows).Select(row => (long)row), image);
            }
        }
    }

    [Theory]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(1_000_003)]
    public void Row_LargerTable_IsOneToOne(int rows)
    {
        var scatter = new RankScatter(rows, 5);
        var seen = new bool[rows];
        for (var rank = 0; rank < rows; rank++)
        {
            var row = scatter.Row(rank);
            Assert.False(seen[row]);
            seen[row] = true;
        }
    }

    [Fact]
    public void Row_HotRanks_LieFarApart()
    {
        // 1000 hot rows out of ten million: by chance about 1000² / 10⁷ = 0.1 pairs are neighbours.
        var scatter = new RankScatter(10_000_000, 3);
        var hot = Enumerable.Range(0, 1000).Select(rank => scatter.Row(rank)).Order().ToArray();
        Assert.True(hot.Zip(hot[1..]).Count(pair => pair.Second - pair.First == 1) <= 3);
        Assert.InRange(hot[0], 0, 100_000);
        Assert.InRange(hot[^1], 9_900_000, 9_999_999);
        Assert.InRange(hot[500], 4_000_000, 6_000_000);
    }

    [Fact]
    public void Row_OtherSeed_IsAnotherOrder() => Assert.NotEqual(
        Enumerable.Range(0, 50).Select(rank => new RankScatter(1000, 1).Row(rank)),
        Enumerable.Range(0, 50).Select(rank => new RankScatter(1000, 2).Row(rank)));
}
