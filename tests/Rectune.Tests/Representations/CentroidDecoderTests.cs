using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Onnx;
using Rectune.Core.Onnx.Protobuf;
using Rectune.Core.Representations;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Representations;

/// <summary>What centroids in the place of decoders cost, before any is chosen.</summary>
public sealed class CentroidDecoderTests
{
    /// <summary>One table of 1000 ids: 2·N·k operations an id, N·(k + dim) elements, and N products, an index and the vector written.</summary>
    [Fact]
    public void WithCentroids_OneTable_CostsAProductWithAllOfThem()
    {
        var design = Design(SmallCards.Card(4, [SmallCards.Feature("a", 1000, 16)], [8]), "dhe(k=32,decoder=16)").WithCentroids(64);
        Assert.Equal(2 * 64 * 32, design.DecoderFlopsPerSample);
        Assert.Equal((64 * (32 + 16) * 4) + (12 * 32), design.DecoderBytes);
        Assert.Equal(64 * (32 + 16) * 4, design.CentroidBytes);
        Assert.Equal(32 + 64 + 1 + 16, design.Decoding(_ => 1).Values);
        Assert.Equal(3, design.DecoderOperators(1));
        Assert.Equal(32 * 8, design.HashOperationsPerSample);
    }

    [Fact]
    public void WithCentroids_FewerIdsThanCentroids_KeepsOneAnId()
    {
        var design = Design(SmallCards.Card(4, [SmallCards.Feature("a", 50, 16)], [8]), "dhe(k=32,decoder=16)");
        Assert.Equal(50 * (32 + 16) * 4, design.WithCentroids(64).CentroidBytes);
        Assert.Equal(50, design.CentroidsOf(design.CachedTables[0], 64));
        Assert.Throws<ArgumentOutOfRangeException>(() => design.WithCentroids(0));
    }

    [Theory]
    [InlineData("dhe(k=8,decoder=4)", 5)]
    [InlineData("select(rows=1000,k=8,decoder=4)", 2)]
    [InlineData("hybrid(k=8,decoder=4)", 5)]
    [InlineData("table", 0)]
    [InlineData("tt(above=0)", 0)]
    public void WithCentroids_AnyRepresentation_ReplacesDecodersOfHashedIdsOnly(string representation, int replaced)
    {
        var exact = Design(RepresentationCards.Of("dot"), representation);
        var design = exact.WithCentroids(3);
        Assert.Equal(replaced, design.Sources.Count(source => source.Decoder is CentroidDecoder));
        Assert.Equal(replaced > 0, design.IsApproximate);
        Assert.False(exact.IsApproximate);
        Assert.All(exact.Sources.Zip(design.Sources), pair => Assert.Equal(pair.First, pair.Second.Decoder is CentroidDecoder ? pair.Second with { Decoder = pair.First.Decoder } : pair.Second));
        Assert.Same(exact.Learned, design.Learned);
        Assert.Equal(0, exact.CentroidBytes);
        Assert.Equal(exact.StoredBytes(TablePrecision.Fp32), design.StoredBytes(TablePrecision.Fp32));
    }

    /// <summary>What a session loads is what memory was planned for: every constant of the graph but none else.</summary>
    [Fact]
    public void Write_ChosenCentroids_HoldsWhatIsCounted()
    {
        var card = SmallCards.Card(4, [SmallCards.Feature("a", 1000, 16), SmallCards.Feature("b", 5, 12)], []) with { Interaction = InteractionKind.Concat };
        var exact = Design(card, "dhe(k=32,decoder=16)");
        CentroidVectors[] chosen = [.. exact.CachedTables.Select(table => new CentroidVectors(new float[32 * exact.CentroidsOf(table, 64)], new float[table.Dim * exact.CentroidsOf(table, 64)]))];
        var design = exact.WithCentroids(64, chosen);
        var graph = ModelProto.Parser.ParseFrom(DecoderGraph.Write(design, Assert.Single(design.Groups), new RandomParameters(1))).Graph;
        Assert.Equal(design.CentroidBytes, graph.Initializer.Sum(tensor => (long)tensor.RawData.Length));
        Assert.Equal(design.CentroidBytes, chosen.Sum(table => table.Bytes));
        Assert.Equal(design.DecoderBytes, design.CentroidBytes + (2 * 12 * 32));
    }

    [Fact]
    public void Write_NothingChosen_IsABug()
    {
        var design = Design(SmallCards.Card(4, [SmallCards.Feature("a", 1000, 16)], [8]), "dhe(k=32,decoder=16)").WithCentroids(64);
        Assert.Throws<InvalidOperationException>(() => DecoderGraph.Write(design, design.Groups[0], new RandomParameters(1)));
    }

    private static EmbeddingDesign Design(ModelCard card, string representation) => RepresentationCatalog.Design(card, RepresentationCatalog.Parse(representation, "a test"));
}
