using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Representations;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Representations;

public sealed class TableRepresentationTests
{
    [Theory]
    [InlineData("bags")]
    [InlineData("steps")]
    [InlineData("dot")]
    [InlineData("cross")]
    public void Score_AnyBags_EqualsTheSlowReference(string card) =>
        RepresentationRun.AssertEqual(RepresentationCards.Of(card), "table", 1e-5, RepresentationRun.TableRow);

    /// <summary>33,762,577 rows of 16, by adding up the card.</summary>
    [Theory]
    [InlineData(TablePrecision.Fp32, 64)]
    [InlineData(TablePrecision.Fp16, 32)]
    [InlineData(TablePrecision.Int8, 24)]
    [InlineData(TablePrecision.Int4, 12)]
    public void Costs_CriteoKaggle_AreRowsTimesBytes(TablePrecision precision, long rowBytes)
    {
        var design = RepresentationCatalog.Design(RepresentationCards.CriteoKaggle(), Representation.Table);
        Assert.Equal(33_762_577 * rowBytes, design.StoredBytes(precision));
        Assert.Equal(26 * rowBytes, design.ReadBytesPerSample(precision));
        Assert.Equal(0, design.DecoderBytes);
        Assert.Equal(0, design.HashOperationsPerSample + design.DecoderFlopsPerSample);
        Assert.Equal(0, design.DecoderInputElements);
        Assert.Empty(design.Groups);
    }

    [Fact]
    public void StoredBytes_FeaturesThatShareATable_CountItOnce()
    {
        var design = RepresentationCatalog.Design(RepresentationCards.Steps(), Representation.Table);
        Assert.Equal(((900 * 3) + (2000 * 4) + (60 * 3)) * 4, design.StoredBytes(TablePrecision.Fp32));
        Assert.Equal((3 + 4 + 3 + (6 * 4) + (6 * 3)) * 4, design.ReadBytesPerSample(TablePrecision.Fp32));
    }
}
