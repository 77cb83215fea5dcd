using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Representations;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Representations;

public sealed class MaterializedRepresentationTests
{
    /// <summary>Tables of 20,000 rows are evaluated in many pieces of 256 ids, by two threads; those of 700 end within one.</summary>
    [Theory]
    [InlineData("bags", "norm=batch")]
    [InlineData("steps", "encoding=gaussian,activation=mish")]
    public void Score_EveryId_EqualsItsDhe(string name, string form)
    {
        var card = RepresentationCards.Of(name);
        var pool = RepresentationCards.Pool(card, 150);
        using var dhe = new RepresentationRun(card, $"dhe(k=32,decoder=12,{form})", 150);
        using var materialized = new RepresentationRun(card, $"materialized(k=32,decoder=12,{form})", 150);
        var expected = dhe.Scores(pool, (0, 150));
        var largest = expected.Max(Math.Abs);
        Assert.All(materialized.Scores(pool, (0, 150)), (score, i) => Assert.InRange((score - expected[i]) / largest, -1e-6, 1e-6));
    }

    [Fact]
    public void Score_Rows_EqualTheSlowReference() => RepresentationRun.AssertEqual(
        RepresentationCards.Bags(), "materialized(k=32,decoder=12)", 1e-5, new SlowDhe(new RandomParameters(RepresentationRun.Seed), 32, [12]).Vector);

    [Fact]
    public void Costs_CriteoKaggle_AreThoseOfTables()
    {
        var card = RepresentationCards.CriteoKaggle();
        var materialized = RepresentationCatalog.Design(card, new Representation { Kind = "materialized" });
        Assert.Equal(33_762_577 * 64L, materialized.StoredBytes(TablePrecision.Fp32));
        Assert.Equal(0, materialized.DecoderBytes);
        Assert.Equal(0, materialized.HashOperationsPerSample + materialized.DecoderFlopsPerSample);
        Assert.Empty(materialized.Groups);
    }
}
