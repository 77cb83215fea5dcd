using Rectune.Core.Domain;
using Rectune.Core.Representations;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Representations;

public sealed class TensorTrainRepresentationTests
{
    [Theory]
    [InlineData("bags", 4, 200)]
    [InlineData("bags", 1, 6000)]
    [InlineData("steps", 3, 0)]
    public void Score_ProductOfThreeCores_EqualsTheSlowReference(string card, int rank, int above) => RepresentationRun.AssertEqual(
        RepresentationCards.Of(card), $"tt(rank={rank},above={above})", 1e-5, (feature, id) => Vector(feature, id, rank, above));

    [Fact]
    public void Vector_AnyTwoIds_ReadDifferentSlices()
    {
        var source = RepresentationCatalog.Design(RepresentationCards.Bags(), RepresentationCatalog.Parse("tt(above=0)", "a test")).Sources[4];
        var triples = Enumerable.Range(0, 20_000).Select(id => string.Join(' ', source.Stored.Select(rows => rows.RowOf(id)))).ToArray();
        Assert.Equal(20_000, triples.Distinct().Count());
        Assert.All(source.Stored, rows => Assert.Equal(rows.Rows - 1, Enumerable.Range(0, 20_000).Max(id => rows.RowOf(id))));
    }

    /// <summary>
    /// 20,000 rows: 28³ = 21,952, so cores of 26, 28 and 28 slices; 12 = 2·2·3 columns at rank 4 make slices of 2·4, 4·2·4 and 4·3 elements. The products
    /// <c>[2, 4]·[4, 8]</c> and <c>[4, 4]·[4, 3]</c> are 2·64 and 2·48 operations. The other four features stay tables.
    /// </summary>
    [Fact]
    public void Costs_SmallCard_AreThoseCountedByHand()
    {
        var design = RepresentationCatalog.Design(RepresentationCards.Bags(), RepresentationCatalog.Parse("tt(rank=4)", "a test"));
        Assert.Equal([(26L, 8), (28, 32), (28, 12)], design.Sources[4].Stored.Select(rows => (rows.Rows, rows.Dim)));
        const long cores = (26 * 8) + (28 * 32) + (28 * 12);
        Assert.Equal(4 * (((700 + 300 + 5000) * 8) + cores), design.StoredBytes(TablePrecision.Fp32));
        Assert.Equal(4 * ((8 * (1 + 3 + 4 + 2)) + 8 + 32 + 12), design.ReadBytesPerSample(TablePrecision.Fp32));
        Assert.Equal((2 * 64) + (2 * 48), design.HashOperationsPerSample + design.DecoderFlopsPerSample);
        Assert.Equal(0, design.DecoderBytes);
    }

    /// <summary>G₁[i₁]: [d₁, r], G₂[i₂]: [r, d₂, r], G₃[i₃]: [r, d₃]; element (a, b, c) of the row is Σ G₁[a, p] G₂[p, b, q] G₃[q, c].</summary>
    private static double[] Vector(SparseFeature feature, int id, int rank, int above)
    {
        if (feature.Rows <= above)
        {
            return RepresentationRun.TableRow(feature, id);
        }

        var (d1, d2, d3) = feature.Dim switch
        {
            3 => (1, 1, 3),
            4 => (1, 2, 2),
            8 => (2, 2, 2),
            _ => (2, 2, 3),
        };
        var n = 1;
        while (n * n * n < feature.Rows)
        {
            n++;
        }

        var name = feature.Table ?? feature.Name;
        var limit = Math.Pow(9.0 / (rank * rank * feature.Rows), 1.0 / 6);
        var g1 = RepresentationRun.Row(name + ".core1", id / n / n, d1 * rank, limit);
        var g2 = RepresentationRun.Row(name + ".core2", id / n % n, rank * d2 * rank, limit);
        var g3 = RepresentationRun.Row(name + ".core3", id % n, rank * d3, limit);
        var row = new double[d1 * d2 * d3];
        for (var element = 0; element < row.Length; element++)
        {
            var (a, b, c) = (element / d3 / d2, element / d3 % d2, element % d3);
            for (var p = 0; p < rank; p++)
            {
                for (var q = 0; q < rank; q++)
                {
                    row[element] += g1[(a * rank) + p] * g2[(((p * d2) + b) * rank) + q] * g3[(q * d3) + c];
                }
            }
        }

        return row;
    }
}
