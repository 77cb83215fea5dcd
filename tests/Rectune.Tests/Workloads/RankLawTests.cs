using Rectune.Core.Workloads;
using Xunit;

namespace Rectune.Tests.Workloads;

public sealed class RankLawTests
{
    public static TheoryData<string> Laws => ["zipf:0", "zipf:0.8", "zipf:1", "zipf:1.2", "zipf:4", "counted", "folded"];

    [Theory]
    [MemberData(nameof(Laws))]
    public void Shares_AddUpAndNeverRise(string name)
    {
        var law = Law(name);
        var sum = 0.0;
        for (var rank = 1L; rank <= law.Ranks; rank++)
        {
            Assert.True(rank == 1 || law.Share(rank) <= law.Share(rank - 1));
            sum += law.Share(rank);
            Assert.Equal(sum, law.ShareOfFirst(rank), 1e-12);
        }

        Assert.Equal(0, law.ShareOfFirst(0));
        Assert.Equal(1, law.ShareOfFirst(law.Ranks + 5), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void RanksWith_AnyShare_EqualsCounting(string name)
    {
        var law = Law(name);
        for (var rank = 1L; rank <= law.Ranks; rank++)
        {
            foreach (var share in new[] { law.Share(rank), law.Share(rank) * 1.0001, law.Share(rank) * 0.9999 })
            {
                var slow = Enumerable.Range(1, (int)law.Ranks).Count(r => law.Share(r) >= share);
                Assert.Equal(slow, law.RanksWith(share));
            }
        }

        Assert.Equal(0, law.RanksWith(1.1));
        Assert.Equal(law.Ranks, law.RanksWith(0));
    }

    [Fact]
    public void Law_FewerRowsThanIds_AddsThoseThatShareARow()
    {
        // Counts 9, 5, 3, 2, 1 on three rows: 9 + 2, 5 + 1, 3 of 20.
        var law = new EmpiricalRanks([3, 9, 1, 0, 5, 2]).Law(3);
        Assert.Equal(3, law.Ranks);
        Assert.Equal([0.55, 0.3, 0.15], new[] { law.Share(1), law.Share(2), law.Share(3) });
    }

    [Fact]
    public void Counted_UsesWithoutRank_CountInTheTotalOnly()
    {
        var law = new CountedRanks([4, 1], 10);
        Assert.Equal((0.4, 0.5), (law.Share(1), law.ShareOfFirst(7)));
        Assert.Equal(0, new CountedRanks([], 0).ShareOfFirst(1));
    }

    [Fact]
    public void Counted_UsesThatRise_AreRefused() => Assert.Throws<ArgumentException>(() => new CountedRanks([1, 2], 3));

    private static IRankLaw Law(string name) => name switch
    {
        "counted" => new CountedRanks([50, 50, 20, 7, 7, 7, 1], 142),
        "folded" => new EmpiricalRanks([4, 4, 90, 2, 3, 10, 17, 1, 1, 1, 1]).Law(4),
        _ => new ZipfRanks(150, double.Parse(name["zipf:".Length..])),
    };
}
