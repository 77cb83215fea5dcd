using Rectune.Cli;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class ModelSourceTests
{
    [Fact]
    public void Resolve_Alias_IsTheCard() => Assert.Equal(
        ModelSource.Resolve(new ModelChoice { Name = "dlrm" }, 1).Sha256, ModelSource.Resolve(new ModelChoice { Name = "dlrm@kaggle" }, 1).Sha256);

    [Fact]
    public void Resolve_OtherSizes_KeepTheNameAndChangeTheHash()
    {
        var published = ModelSource.Resolve(new ModelChoice { Name = "mtwnd" }, 1);
        var single = ModelSource.Resolve(new ModelChoice { Name = "mtwnd", Heads = 1 }, 1);
        Assert.Equal(("mtwnd", 128), (single.Name, new ModelSize(single.Card).Outputs));
        Assert.NotEqual(published.Sha256, single.Sha256);
        Assert.Equal(CardFormat.Sha256(single.Card), single.Sha256);
        Assert.Equal(published.Sha256, ModelSource.Resolve(new ModelChoice { Name = "mtwnd", Heads = 5 }, 1).Sha256);
        Assert.Equal(2 + 3, ModelSource.Resolve(new ModelChoice { Name = "din", Behaviors = 2 }, 1).Card.Sparse.Count);
    }

    [Fact]
    public void Resolve_SizesOfPartsThatAreNotThere_AreAllRefused()
    {
        var refused = Assert.Throws<InvalidInputException>(() => ModelSource.Resolve(new ModelChoice { Name = "dlrm", Heads = 2, Behaviors = 3 }, 1));
        Assert.Equal(
            [
                "--heads: found 2, but the model 'dlrm' has no heads; leave it out, or choose a model whose card has 'heads'",
                "--behaviors: found 3, but the model 'dlrm' has no features of one shape in a group 'behavior'; leave it out, or choose a model whose card has such a group",
            ],
            refused.Problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void Resolve_SizeThatNoCardMayHave_IsRefusedAsItsCardIs()
    {
        var refused = Assert.Throws<InvalidInputException>(() => ModelSource.Resolve(new ModelChoice { Name = "din", Behaviors = 5000 }, 1));
        Assert.StartsWith("din with --behaviors 5000(", refused.Message, StringComparison.Ordinal);
        Assert.Contains("$.interaction: found 160096 values for the interaction, expected at most 65535", refused.Message, StringComparison.Ordinal);
    }
}
