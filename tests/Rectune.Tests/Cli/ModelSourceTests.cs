using Rectune.Cli;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class ModelSourceTests
{
    [Fact]
    public void Card_Alias_IsTheCard() => Assert.Equal(
        CardFormat.Sha256(ModelSource.Card(new ModelChoice { Name = "dlrm" })), CardFormat.Sha256(ModelSource.Card(new ModelChoice { Name = "dlrm@kaggle" })));

    [Fact]
    public void Card_OtherSizes_KeepTheNameAndChangeTheHash()
    {
        var published = ModelSource.Card(new ModelChoice { Name = "mtwnd" });
        var single = ModelSource.Card(new ModelChoice { Name = "mtwnd", Heads = 1 });
        Assert.Equal(("mtwnd", 128), (single.Name, new ModelSize(single).Outputs));
        Assert.NotEqual(CardFormat.Sha256(published), CardFormat.Sha256(single));
        Assert.Equal(CardFormat.Sha256(published), CardFormat.Sha256(ModelSource.Card(new ModelChoice { Name = "mtwnd", Heads = 5 })));
        Assert.Equal(2 + 3, ModelSource.Card(new ModelChoice { Name = "din", Behaviors = 2 }).Sparse.Count);
    }

    [Fact]
    public void Card_SizesOfPartsThatAreNotThere_AreAllRefused()
    {
        var refused = Assert.Throws<InvalidInputException>(() => ModelSource.Card(new ModelChoice { Name = "dlrm", Heads = 2, Behaviors = 3 }));
        Assert.Equal(
            [
                "--heads: found 2, but the model 'dlrm' has no heads; leave it out, or choose a model whose card has 'heads'",
                "--behaviors: found 3, but the model 'dlrm' has no features of one shape in a group 'behavior'; leave it out, or choose a model whose card has such a group",
            ],
            refused.Problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void Card_SizeThatNoCardMayHave_IsRefusedAsItsCardIs()
    {
        var refused = Assert.Throws<InvalidInputException>(() => ModelSource.Card(new ModelChoice { Name = "din", Behaviors = 5000 }));
        Assert.StartsWith("din with --behaviors 5000(", refused.Message, StringComparison.Ordinal);
        Assert.Contains("$.interaction: found 160096 values for the interaction, expected at most 65535", refused.Message, StringComparison.Ordinal);
    }
}
