using Rectune.Core.Domain;
using Rectune.Core.Representations;
using Rectune.Core.Workloads;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Representations;

public sealed class VectorCachePlanTests
{
    [Fact]
    public void Of_Dhe_KeepsTheMostUsedIdsOfEveryTable()
    {
        // Tables one (with shared: 1 + 2 lookups), fixed (3), ragged (4) of 8 elements, 48 bytes an entry; large (1) of 12, 64 bytes.
        var design = Design("dhe(k=4,decoder=2)");
        Assert.Equal([0, 1, 2, 4], design.CachedTables.Select(table => table.Feature));
        Assert.Equal([3.0, 3, 4, 1], design.CachedTables.Select(table => VectorCachePlan.Lookups(design, table)));

        // The tenth most used of each, by a law of their own: nothing else is worth as much a byte.
        IRankLaw[] laws = [.. design.Card.Sparse.Select(_ => new CountedRanks(Enumerable.Range(0, 20).Select(i => i < 10 ? 9L : 1L), 1000))];
        var plan = VectorCachePlan.Of(design, (4 * 128) + (10 * ((3 * 48) + 64)), feature => laws[feature]);
        Assert.Equal([10L, 10, 10, 10], plan.Entries);
        Assert.Equal(0.09, plan.HitRate, 1e-12);
        Assert.Equal([0.09, 0.09, 0.09, 0.09, 0.09], plan.HitRates, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Of_Hybrid_CachesTheHashedHalf()
    {
        var design = Design("hybrid(k=4,decoder=2)", InteractionKind.Dot);
        var plan = VectorCachePlan.Of(design, 1L << 30, 1.05);
        Assert.Equal(1, plan.HitRate, 1e-9);
        Assert.Equal([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], plan.HitRates);
    }

    [Theory]
    [InlineData("select(rows=1000,k=4,decoder=2)", 2)]
    [InlineData("select(rows=100000,k=4,decoder=2)", 0)]
    [InlineData("table", 0)]
    [InlineData("qr(above=0)", 0)]
    [InlineData("materialized(k=4,decoder=2)", 0)]
    public void CachedTables_AreThoseThatAreHashedWhenAskedFor(string representation, int tables) => Assert.Equal(tables, Design(representation).CachedTables.Count);

    /// <summary>The closed form for the built-in DLRM against the sums over ranks, table by table.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.8)]
    [InlineData(1.05)]
    public void HitRate_Dlrm_IsTheSumOverWhatIsKept(double alpha)
    {
        var card = RepresentationCards.CriteoKaggle();
        var plan = VectorCachePlan.Of(RepresentationCatalog.Design(card, RepresentationCatalog.Parse("dhe", "a test")), 4 << 20, alpha);
        var sum = 0.0;
        for (var table = 0; table < plan.Tables.Count; table++)
        {
            var (kept, all) = (0.0, 0.0);
            for (var rank = 1L; rank <= card.Sparse[table].Rows; rank++)
            {
                var weight = Math.Exp(-alpha * Math.Log(rank));
                all += weight;
                kept += rank <= plan.Entries[table] ? weight : 0;
            }

            sum += kept / all / 26;
        }

        Assert.Equal(sum, plan.HitRate, 1e-9);
        Assert.InRange(plan.Entries.Sum() * 80, (4 << 20) - (26 * 128) - 80, (4 << 20) - (26 * 128));
    }

    [Fact]
    public void Of_LessMemoryThanTheTablesOverhead_KeepsNothing() => Assert.Equal(0, VectorCachePlan.Of(Design("dhe"), 100, 1).HitRate);

    private static EmbeddingDesign Design(string representation, InteractionKind interaction = InteractionKind.Concat) =>
        RepresentationCatalog.Design(RepresentationCards.Bags(interaction), RepresentationCatalog.Parse(representation, "a test"));
}
