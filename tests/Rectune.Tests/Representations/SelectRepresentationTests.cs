using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Representations;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Representations;

public sealed class SelectRepresentationTests
{
    private static readonly SlowDhe Dhe = new(new RandomParameters(RepresentationRun.Seed), 32, [12]);

    [Theory]
    [InlineData("bags", "rows=700", "one", "ragged", "shared", "large")]
    [InlineData("bags", "rows=701", "ragged", "large")]
    [InlineData("bags", "rows=100000")]
    [InlineData("bags", "features=one", "one", "shared")]
    [InlineData("bags", "features=fixed+large", "fixed", "large")]
    [InlineData("steps", "rows=1000", "item", "items")]
    [InlineData("steps", "features=category+user", "category", "categories", "user")]
    public void Score_SomeHashed_EqualsTheSlowReference(string card, string choice, params string[] hashed) => RepresentationRun.AssertEqual(
        RepresentationCards.Of(card),
        $"select({choice},k=32,decoder=12)",
        1e-5,
        (feature, id) => hashed.Contains(feature.Name) ? Dhe.Vector(feature, id) : RepresentationRun.TableRow(feature, id));

    /// <summary>Five features have a million rows; the others together 569,296. A decoder of 660,240 parameters and 1024 hashes of 12 bytes each.</summary>
    [Fact]
    public void Costs_CriteoKaggle_AreTablesOfTwentyOneAndDecodersOfFive()
    {
        var design = RepresentationCatalog.Design(RepresentationCards.CriteoKaggle(), RepresentationCatalog.Parse("select", "a test"));
        Assert.Equal(569_296 * 64, design.StoredBytes(TablePrecision.Fp32));
        Assert.Equal(5 * ((660_240 * 4) + 12_288), design.DecoderBytes);
        Assert.Equal(5 * (1_318_912 + 8192), design.HashOperationsPerSample + design.DecoderFlopsPerSample);
        Assert.Equal(21 * 64, design.ReadBytesPerSample(TablePrecision.Fp32));
        Assert.Equal([2, 3, 11, 15, 20], Assert.Single(design.Groups).Slots);
    }

    [Theory]
    [InlineData("features=lage", "found 'lage', expected one of one, fixed, ragged, large; did you mean 'large'?")]
    [InlineData("features=large+", "found '', expected one of")]
    [InlineData("features=large+nothing", "found 'nothing', expected one of one, fixed, ragged, large")]
    [InlineData("features=shared", "found 'shared', which looks up the table of 'one'")]
    public void Design_FeaturesThatTheModelLacks_NamesTheClosest(string choice, string expected)
    {
        var refused = Assert.Throws<InvalidInputException>(
            () => RepresentationCatalog.Design(RepresentationCards.Bags(), RepresentationCatalog.Parse($"select({choice})", "a test")));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Design_SeveralWrongFeatures_AreAllTold()
    {
        var refused = Assert.Throws<InvalidInputException>(
            () => RepresentationCatalog.Design(RepresentationCards.Bags(), RepresentationCatalog.Parse("select(features=x+shared+y)", "a test")));
        Assert.Equal(3, refused.Problems.Count);
    }
}
