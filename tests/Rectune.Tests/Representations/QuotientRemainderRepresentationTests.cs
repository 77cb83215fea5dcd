using Rectune.Core.Domain;
using Rectune.Core.Representations;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Representations;

public sealed class QuotientRemainderRepresentationTests
{
    [Theory]
    [InlineData("bags", 4, 200)]
    [InlineData("bags", 64, 600)]
    [InlineData("steps", 7, 0)]
    public void Score_ProductOfTwoRows_EqualsTheSlowReference(string card, int collisions, int above) => RepresentationRun.AssertEqual(
        RepresentationCards.Of(card), $"qr(collisions={collisions},above={above})", 1e-5, (feature, id) => Vector(feature, id, collisions, above));

    [Fact]
    public void Vector_AnyTwoIds_ReadDifferentPairsOfRows()
    {
        var source = RepresentationCatalog.Design(RepresentationCards.Bags(), RepresentationCatalog.Parse("qr(collisions=6)", "a test")).Sources[0];
        var pairs = Enumerable.Range(0, 700).Select(id => (source.Stored[0].RowOf(id), source.Stored[1].RowOf(id))).ToArray();
        Assert.Equal(700, pairs.Distinct().Count());
        Assert.All(pairs, pair => Assert.True(pair.Item1 < source.Stored[0].Rows && pair.Item2 < source.Stored[1].Rows));
        Assert.Equal((117, 6), (source.Stored[0].Rows, source.Stored[1].Rows));
    }

    /// <summary>
    /// With 4 collisions: one 175 + 4 rows, fixed 75 + 4, ragged 1250 + 4, all of 8; large 5000 + 4 of 12. The feature that shares the table of one is decoded apart from it,
    /// since it has two ids a sample, and has the rows once more.
    /// </summary>
    [Fact]
    public void Costs_SmallCard_AreThoseCountedByHand()
    {
        var design = RepresentationCatalog.Design(RepresentationCards.Bags(), new Representation { Kind = "qr" });
        Assert.Equal(4 * (((179 + 79 + 1254 + 179) * 8) + (5004 * 12)), design.StoredBytes(TablePrecision.Fp32));
        Assert.Equal(4 * ((2 * 8 * (1 + 3 + 4 + 2)) + (2 * 12)), design.ReadBytesPerSample(TablePrecision.Fp32));
        Assert.Equal(0, design.DecoderBytes);
        Assert.Equal([1, 3, 4, 2], design.Groups.Select(g => g.IdsPerSample));
        Assert.All(design.Groups, group => Assert.False(group.Hashed));
    }

    private static double[] Vector(SparseFeature feature, int id, int collisions, int above)
    {
        if (feature.Rows <= above)
        {
            return RepresentationRun.TableRow(feature, id);
        }

        var name = feature.Table ?? feature.Name;
        var limit = Math.Pow(3.0 / feature.Rows, 1.0 / 4);
        return SlowLayers.Times(
            RepresentationRun.Row(name + ".quotient", id / collisions, feature.Dim, limit), RepresentationRun.Row(name + ".remainder", id % collisions, feature.Dim, limit));
    }
}
