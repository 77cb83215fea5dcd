using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Models;

public sealed class ModelSizeTests
{
    /// <summary>Rows of 4 and of 6 elements: 16 and 24 bytes in fp32, half of that in fp16; in int8 a byte an element and 8 for scale and bias, in int4 half a byte and 4.</summary>
    [Theory]
    [InlineData(TablePrecision.Fp32, 16, 24)]
    [InlineData(TablePrecision.Fp16, 8, 12)]
    [InlineData(TablePrecision.Int8, 12, 14)]
    [InlineData(TablePrecision.Int4, 6, 7)]
    public void Size_Bytes_FollowTablePrecisionAndBags(TablePrecision precision, long first, long second)
    {
        var size = new ModelSize(SmallCards.Card(2, [SmallCards.Feature("a", 10, 4), SmallCards.Feature("b", 7, 6, lookups: 3)], []) with { Interaction = InteractionKind.Concat });
        Assert.Equal(17, size.Rows);
        Assert.Equal((10 * first) + (7 * second), size.TableBytes(precision));
        Assert.Equal(first + (3 * second), size.EmbeddingBytesPerSample(precision));
    }

    [Fact]
    public void Size_SharedTable_IsStoredOnceAndReadTwice()
    {
        var own = SmallCards.Feature("item", 10, 4);
        var size = new ModelSize(SmallCards.Card(2, [own, own with { Name = "last", Table = "item" }], []) with { Interaction = InteractionKind.Concat });
        Assert.Equal(10, size.Rows);
        Assert.Equal(10 * 16, size.TableBytes(TablePrecision.Fp32));
        Assert.Equal(2 * 16, size.EmbeddingBytesPerSample(TablePrecision.Fp32));
        Assert.Equal((2 * 4) + (2 * 8), size.InputBytesPerSample);
    }

    /// <summary>Bottom 3 → 8 → 4, three products of 4, top 4 + 3 → 8 → 1; half of the matrix of products is the model's work, the rest comes with the form.</summary>
    [Fact]
    public void Size_DotProducts_CountEveryPairOnce()
    {
        var size = new ModelSize(SampleRecords.Card());
        Assert.Equal((3 * 8) + 8 + (8 * 4) + 4 + (7 * 8) + 8 + 8 + 1, size.DenseParameters);
        Assert.Equal(2 * ((3 * 8) + (8 * 4) + (3 * 4) + (7 * 8) + 8), size.FlopsPerSample);
    }
}
