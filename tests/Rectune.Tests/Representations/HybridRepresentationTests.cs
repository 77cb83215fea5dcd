using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Representations;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Representations;

public sealed class HybridRepresentationTests
{
    [Theory]
    [InlineData("dot")]
    [InlineData("bags")]
    [InlineData("cross")]
    public void Score_TwoVectorsAFeature_EqualsTheSlowReference(string card)
    {
        var slow = new SlowDhe(new RandomParameters(RepresentationRun.Seed), 32, [12]);
        RepresentationRun.AssertEqual(RepresentationCards.Of(card), "hybrid(k=32,decoder=12)", 1e-5, RepresentationRun.TableRow, slow.Vector);
    }

    [Fact]
    public void Costs_CriteoKaggle_AreThoseOfBoth()
    {
        var card = RepresentationCards.CriteoKaggle();
        var hybrid = RepresentationCatalog.Design(card, new Representation { Kind = "hybrid" });
        Assert.Equal(33_762_577 * 64L, hybrid.StoredBytes(TablePrecision.Fp32));
        Assert.Equal(68_664_960 + (26 * 12 * 1024), hybrid.DecoderBytes);
        Assert.Equal(26 * 64, hybrid.ReadBytesPerSample(TablePrecision.Fp32));
        Assert.Equal(26 * (1_318_912 + 8192), hybrid.HashOperationsPerSample + hybrid.DecoderFlopsPerSample);
        Assert.Equal(2 * 26 * 16, hybrid.Layout.Width);
    }

    [Fact]
    public void Design_InteractionOfOneVectorAFeature_SaysWhichTakeTwo()
    {
        var refused = Assert.Throws<InvalidInputException>(() => RepresentationCatalog.Design(RepresentationCards.Steps(), new Representation { Kind = "hybrid" }));
        Assert.Contains("dot, concat or cross", refused.Message, StringComparison.Ordinal);
    }
}
