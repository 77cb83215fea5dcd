using Rectune.Core.Domain;
using Rectune.Core.Workloads;
using Rectune.Engine.Data;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Data;

public sealed class PopularIdsTests
{
    private const int Samples = 60_000;

    [Theory]
    [InlineData("zipf", 5000)]
    [InlineData("trace", 5000)]
    [InlineData("trace", 7)]
    public void Drawn_ItsIds_AreThoseThatCandidatesHaveMost(string kind, int rows)
    {
        var card = SmallCards.Card(0, [SmallCards.Feature("a", rows, 4), SmallCards.Feature("b", rows, 4, 3), SmallCards.Feature("again", rows, 4, 2) with { Table = "b" }], []);
        var ranks = kind == "trace" ? new EmpiricalRanks([.. Enumerable.Range(0, 20).Select(i => 1 << i)]) : null;
        var skew = kind == "trace" ? new IndexSkew { Kind = SkewKind.Trace, Source = Provenance.Measured, ZipfExponent = 2 } : SkewText.Of(1.2, Provenance.Assumed);
        var pool = SyntheticCandidates.Draw(card, skew, seed: 4, threads: 2, Samples, ranks);
        for (var feature = 0; feature < card.Sparse.Count; feature++)
        {
            var law = pool.Popular!.Law(feature);
            var ids = pool.Features.Columns[feature].Ids;
            for (var rank = 1; rank <= 4; rank++)
            {
                var share = law.Share(rank);
                var found = (double)ids.Count(id => id == pool.Popular.Id(feature, rank)) / ids.Length;
                Assert.Equal(share, found, 5 * Math.Sqrt(share * (1 - share) / ids.Length));
            }

            var all = Enumerable.Range(1, (int)law.Ranks).Select(rank => pool.Popular!.Id(feature, rank)).ToArray();
            Assert.Equal(all.Length, all.Distinct().Count());
            Assert.All(all, id => Assert.InRange(id, 0, rows - 1));
        }
    }

    [Fact]
    public void ClickLog_RowsThatAreNotKept_CountAsWell()
    {
        var lines = Enumerable.Range(0, 40).Select(i => ClickLog.Line("0", [], [.. Enumerable.Repeat(i < 10 ? "a" : i < 39 ? "b" : "c", 26)]) + "\n");
        var pool = ClickLogCandidates.Read(SmallCards.Criteo(1_000_000), ClickLog.Stream(string.Concat(lines)), "clicks.tsv", 5, CancellationToken.None);
        Assert.Equal((CategoryHash.Row(25, 0xb, 1_000_000), CategoryHash.Row(25, 0xa, 1_000_000)), (pool.Popular!.Id(25, 1), pool.Popular.Id(25, 2)));
        Assert.Equal((2, 28 / 40.0, 9 / 40.0), (pool.Popular.Law(25).Ranks, pool.Popular.Law(25).Share(1), pool.Popular.Law(25).Share(2)));
    }

    [Fact]
    public void Drawn_UniformIds_AreAllAsGood()
    {
        var card = SmallCards.Card(0, [SmallCards.Feature("a", 50, 4)], []);
        var popular = CandidatePool.Synthetic(card, SkewText.Of(0, Provenance.Assumed), 4, 1, 10).Popular!;
        Assert.Equal(0.02, popular.Law(0).Share(50), 1e-12);
        Assert.Equal(50, Enumerable.Range(1, 50).Select(rank => popular.Id(0, rank)).Distinct().Count());
    }

    [Fact]
    public void Counted_EachId_CountsOnceLess()
    {
        // Of ten lookups, id 4 had four, id 1 three, id 0 two and id 3 one.
        var popular = PopularIds.Counted([[2, 3, 0, 1, 4]]);
        Assert.Equal(3, popular.Law(0).Ranks);
        Assert.Equal([4, 1, 0], Enumerable.Range(1, 3).Select(rank => popular.Id(0, rank)));
        Assert.Equal([0.3, 0.5, 0.6], Enumerable.Range(1, 3).Select(rank => popular.Law(0).ShareOfFirst(rank)));
    }
}
