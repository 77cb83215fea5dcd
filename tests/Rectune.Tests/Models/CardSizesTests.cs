using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;
using Xunit;

namespace Rectune.Tests.Models;

public sealed class CardSizesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void WithHeads_MultiTask_HasThatManyTimesAHeadsOutputs(int heads)
    {
        var card = CardSizes.WithHeads(Card("mtwnd"), heads)!;
        Assert.Equal(heads * 128, new ModelSize(card).Outputs);
        Assert.Equal("mtwnd", card.Name);
        Assert.Equal(heads == 5, CardFormat.Sha256(card) == CardFormat.Sha256(Card("mtwnd")));
    }

    [Fact]
    public void WithHeads_NoHeads_IsNull() => Assert.Null(CardSizes.WithHeads(Card("dlrm"), 2));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(250)]
    [InlineData(300)]
    public void WithBehaviors_Din_HasCopiesOfThatShapeInTheirPlace(int behaviors)
    {
        var din = Card("din");
        var card = CardSizes.WithBehaviors(din, behaviors)!;
        Assert.Equal(
            ["user", .. Enumerable.Range(1, behaviors).Select(i => $"behavior.{i}"), "ad", "context"], card.Sparse.Select(feature => feature.Name));
        Assert.All(card.Sparse.Skip(1).Take(behaviors), feature => Assert.Equal(din.Sparse[1] with { Name = feature.Name }, feature));
        Assert.Equal(behaviors == 250, CardFormat.Sha256(card) == CardFormat.Sha256(din));
    }

    [Fact]
    public void WithBehaviors_OneFeatureWithoutNumber_GivesItsNameOne()
    {
        var din = Card("din");
        var single = din with { Sparse = [din.Sparse[0], din.Sparse[1] with { Name = "behavior" }, .. din.Sparse.TakeLast(2)] };
        Assert.Equal(["user", "behavior.1", "behavior.2", "ad", "context"], CardSizes.WithBehaviors(single, 2)!.Sparse.Select(feature => feature.Name));
    }

    [Fact]
    public void WithBehaviors_NoSuchGroupOrUnequalShapes_IsNull()
    {
        Assert.Null(CardSizes.WithBehaviors(Card("mtwnd"), 2));
        var din = Card("din");
        Assert.Null(CardSizes.WithBehaviors(din with { Sparse = [.. din.Sparse.Select(f => f.Name == "behavior.7" ? f with { Rows = 5 } : f)] }, 2));
    }

    private static ModelCard Card(string name) => Zoo.TryGetText(name, out var text) ? CardFormat.Read(text, name) : throw new ArgumentException(name);
}
