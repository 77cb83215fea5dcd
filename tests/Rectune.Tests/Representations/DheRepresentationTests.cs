using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Numerics;
using Rectune.Core.Onnx;
using Rectune.Core.Representations;
using Rectune.Engine.Sessions;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Representations;

public sealed class DheRepresentationTests
{
    [Theory]
    [InlineData("bags", "uniform", "relu", "none")]
    [InlineData("bags", "uniform", "mish", "batch")]
    [InlineData("bags", "gaussian", "relu", "batch")]
    [InlineData("steps", "gaussian", "mish", "none")]
    [InlineData("steps", "uniform", "relu", "none")]
    [InlineData("dot", "gaussian", "mish", "batch")]
    public void Score_AnyForm_EqualsTheSlowReference(string card, string encoding, string activation, string norm)
    {
        var slow = new SlowDhe(new RandomParameters(RepresentationRun.Seed), 32, [12, 6], encoding == "gaussian", activation == "mish", norm == "batch");
        RepresentationRun.AssertEqual(
            RepresentationCards.Of(card), $"dhe(k=32,decoder=12-6,encoding={encoding},activation={activation},norm={norm})", 1e-5, slow.Vector);
    }

    [Fact]
    public void Score_SmallRangeAndOneHiddenLayer_EqualsTheSlowReference() => RepresentationRun.AssertEqual(
        RepresentationCards.Bags(), "dhe(k=7,range=11,decoder=5)", 1e-5, new SlowDhe(new RandomParameters(RepresentationRun.Seed), 7, [5], range: 11).Vector);

    /// <summary>Random parameters start with γ = σ² = 1, under which a wrong fold could hide: here all four vary.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decoder_AnyNormalisation_IsAppliedBetweenLayerAndActivation(bool mish)
    {
        var card = SmallCards.Card(0, [SmallCards.Feature("a", 100, 5), SmallCards.Feature("b", 100, 3)], []) with { Interaction = InteractionKind.Concat };
        var representation = RepresentationCatalog.Parse($"dhe(k=8,decoder=7-6,norm=batch,activation={(mish ? "mish" : "relu")})", "a test");
        var design = RepresentationCatalog.Design(card, representation);
        var parameters = new PositiveVariances();
        using var session = new GraphSession(
            DecoderGraph.Write(design, Assert.Single(design.Groups), parameters),
            [new TensorWidth(DecoderGraph.EncodingsOf(0), 8), new TensorWidth(DecoderGraph.EncodingsOf(1), 8)],
            [new TensorWidth(DecoderGraph.VectorOf(0), 5), new TensorWidth(DecoderGraph.VectorOf(1), 3)],
            maxRows: 9,
            InstanceSetup.Caller);
        var random = new SplitMix64(4);
        foreach (ref var value in session.Input(0))
        {
            value = (float)random.NextNormal();
        }

        session.Input(0).CopyTo(session.Input(1));
        session.Run(9);
        var slow = new SlowDhe(parameters, 8, [7, 6], mish: mish, normalized: true);
        for (var row = 0; row < 9; row++)
        {
            var x = Array.ConvertAll(session.Input(0).Slice(row * 8, 8).ToArray(), value => (double)value);
            Assert.All(slow.Decode("a", x, 5), (value, i) => Assert.Equal(value, session.Output(0)[(row * 5) + i], 2e-5));
            Assert.All(slow.Decode("b", x, 3), (value, i) => Assert.Equal(value, session.Output(1)[(row * 3) + i], 2e-5));
        }
    }

    /// <summary>
    /// A decoder 1024-512-256-16: 1024·512 + 512, 512·256 + 256 and 256·16 + 16 make 660,240 parameters; 26 of them are 68.7 MB. Beside them 12 bytes a hash. An id
    /// takes 2 · (1024·512 + 512·256 + 256·16) operations in the decoder, 1.32 MFLOP, and 8 a hash, or 14 for normal numbers.
    /// </summary>
    [Theory]
    [InlineData("dhe", 8)]
    [InlineData("dhe(encoding=gaussian)", 14)]
    [InlineData("dhe(norm=batch)", 8)]
    public void Costs_CriteoKaggle_AreThoseOfThePaperSizedDecoder(string text, long perHash)
    {
        var design = RepresentationCatalog.Design(RepresentationCards.CriteoKaggle(), RepresentationCatalog.Parse(text, "a test"));
        Assert.Equal(68_664_960 + (26 * 12 * 1024), design.DecoderBytes);
        Assert.Equal(26 * (1_318_912 + (1024 * perHash)), design.HashOperationsPerSample + design.DecoderFlopsPerSample);
        Assert.Equal(0, design.StoredBytes(TablePrecision.Fp32));
        Assert.Equal(0, design.ReadBytesPerSample(TablePrecision.Fp32));
        Assert.Equal(26 * (1024 + 16), design.DecoderInputElements);
        Assert.Equal(Enumerable.Range(0, 26), Assert.Single(design.Groups).Slots);
    }

    /// <summary>k = 4, one hidden layer of 3: 4·3 + 3 and 3·dim + dim parameters, 4 bytes each, and 48 bytes of hashes. Item and category are decoded in two graphs each, for one id and for six.</summary>
    [Fact]
    public void Costs_Sequences_CountEveryGraphAndEveryStep()
    {
        var design = RepresentationCatalog.Design(RepresentationCards.Steps(), RepresentationCatalog.Parse("dhe(k=4,decoder=3)", "a test"));
        const long ofThree = ((15 + 12) * 4) + 48;
        const long ofFour = ((15 + 16) * 4) + 48;
        Assert.Equal((3 * ofThree) + (2 * ofFour), design.DecoderBytes);
        const long flopsOfThree = (2 * (12 + 9)) + 32;
        const long flopsOfFour = (2 * (12 + 12)) + 32;
        Assert.Equal((2 * flopsOfThree) + flopsOfFour + (6 * (flopsOfFour + flopsOfThree)), design.HashOperationsPerSample + design.DecoderFlopsPerSample);
        Assert.Equal([(1, 3), (6, 2)], design.Groups.Select(g => (g.IdsPerSample, g.Slots.Count)));
    }

    [Theory]
    [InlineData(1, "26")]
    [InlineData(2, "13 13")]
    [InlineData(4, "6 7 6 7")]
    [InlineData(30, "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1")]
    public void Split_Group_HasEverySlotOnceInPartsOfOneSize(int parts, string sizes)
    {
        var group = Assert.Single(RepresentationCatalog.Design(RepresentationCards.CriteoKaggle(), RepresentationCatalog.Parse("dhe", "a test")).Groups);
        var split = group.Split(parts);
        Assert.Equal(sizes, string.Join(' ', split.Select(part => part.Slots.Count)));
        Assert.Equal(group.Slots, split.SelectMany(part => part.Slots));
        Assert.All(split, part => Assert.True(part.Hashed));
    }

    [Fact]
    public void Design_GaussianOfOddCount_SaysWhatIsExpected()
    {
        var refused = Assert.Throws<InvalidInputException>(
            () => RepresentationCatalog.Design(RepresentationCards.Bags(), RepresentationCatalog.Parse("dhe(k=7,encoding=gaussian)", "a test")));
        Assert.Contains("found k '7', expected an even number", refused.Message);
    }

    /// <summary>Uneven values everywhere, variances positive.</summary>
    private sealed class PositiveVariances : IParameters
    {
        private readonly UnevenParameters uneven = new(6);

        public float[] Values(ParameterShape shape) =>
            shape.Name.EndsWith(".variance", StringComparison.Ordinal) ? Array.ConvertAll(uneven.Values(shape), value => 0.1f + (value * value)) : uneven.Values(shape);
    }
}
