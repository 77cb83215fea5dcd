using NJsonSchema;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Formats;

public sealed class CardFormatTests
{
    [Fact]
    public void Read_CardOfTheZoo_HoldsThePublishedShape()
    {
        var card = CardFormat.Read(File.ReadAllText(RepositoryFiles.Path("src", "Rectune.Core", "Models", "Zoo", "dlrm.json")), "dlrm.json");
        Assert.Equal(26, card.Sparse.Count);
        Assert.Equal(33762577, card.Sparse.Sum(f => f.Rows));
        Assert.Equal([512, 256, 64, 16], card.BottomMlp);
        Assert.Equal(InteractionKind.Dot, card.Interaction);
    }

    [Fact]
    public async Task Write_Card_SatisfiesTheShippedSchema()
    {
        var schema = await JsonSchema.FromJsonAsync(SchemaTexts.Card, TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(CardFormat.Write(SampleRecords.Card())));
    }

    [Fact]
    public void Sha256_DependsOnContentAndNotOnLayout()
    {
        var card = SampleRecords.Card();
        var loose = RecordText.WriteLine(card).Replace(",", " , ", StringComparison.Ordinal);
        Assert.Equal(CardFormat.Sha256(card), CardFormat.Sha256(CardFormat.Read(loose, "f")));
        Assert.NotEqual(CardFormat.Sha256(card), CardFormat.Sha256(card with { DenseFeatures = 4 }));
        Assert.Equal(64, CardFormat.Sha256(card).Length);
    }

    [Fact]
    public void Read_CardWithManyFaults_ReportsEachAtItsLine()
    {
        const string text = """
            {
              "schema": "rectune.card/1",
              "name": "broken",
              "description": "d",
              "source": "s",
              "denseFeatures": 99999,
              "sparse": [
                { "name": "C1", "rows": 0, "dim": 16 },
                { "name": "C1", "rows": 4, "dim": 8 },
                { "name": "dense", "rows": 4, "dim": 16 }
              ],
              "bottomMlp": [512, 0, 16],
              "interaction": "dot",
              "topMlp": [512, 0],
              "skew": { "zipfExponent": -1, "source": "assumed", "where": "w" },
              "sla": { "percentile": 98, "limitMs": 0, "source": "assumed", "where": "w" },
              "quality": { "metric": "acuracy", "value": 1.5, "source": "published", "where": "w" }
            }
            """;
        Assert.Equal(
            [
                "(6,20): $.denseFeatures", "(8,29): $.sparse[0].rows", "(9,15): $.sparse[1].name", "(9,39): $.sparse[1].dim", "(10,15): $.sparse[2].name",
                "(12,22): $.bottomMlp[1]", "(14,19): $.topMlp[1]", "(15,29): $.skew.zipfExponent", "(16,26): $.sla.percentile", "(16,41): $.sla.limitMs",
                "(17,26): $.quality.metric", "(17,46): $.quality.value",
            ],
            Assert.Throws<InvalidInputException>(() => CardFormat.Read(text, "")).Problems.Select(p => p.Where));
    }

    [Fact]
    public void Read_EmptyLists_AreRefused()
    {
        var card = SampleRecords.Card() with { Sparse = [], BottomMlp = [], TopMlp = [] };
        var problems = Assert.Throws<InvalidInputException>(() => CardFormat.Read(CardFormat.Write(card), "f")).Problems;
        Assert.Equal(["$.sparse", "$.bottomMlp", "$.topMlp"], problems.Select(p => p.Where.Split(' ')[1]));
    }

    [Fact]
    public void Read_ConcatenationOfUnequalWidths_IsAllowed()
    {
        var card = SampleRecords.Card();
        var mixed = card with { Interaction = InteractionKind.Concat, Sparse = [card.Sparse[0] with { Dim = 12 }, card.Sparse[1]] };
        Assert.Equal(12, CardFormat.Read(CardFormat.Write(mixed), "f").Sparse[0].Dim);
    }

    [Fact]
    public void Read_InteractionTooWideForOneArray_IsRefused()
    {
        var features = Enumerable.Range(0, 400).Select(i => new SparseFeature { Name = $"C{i}", Rows = 1, Dim = 4 });
        var wide = SampleRecords.Card() with { Sparse = [.. features] };
        var problem = Assert.Single(Assert.Throws<InvalidInputException>(() => CardFormat.Read(CardFormat.Write(wide), "f")).Problems);
        Assert.EndsWith("$.interaction", problem.Where, StringComparison.Ordinal);
        Assert.Contains("80200", problem.What, StringComparison.Ordinal);
    }
}
