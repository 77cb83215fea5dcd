using Rectune.Engine.Kernels;
using Xunit;

namespace Rectune.Tests.Kernels;

public sealed class NodeMemoryTests
{
    [Theory]
    [InlineData(new[] { 0 }, NodeMemory.Preferred, 1UL, 0UL)]
    [InlineData(new[] { 3 }, NodeMemory.Preferred, 8UL, 0UL)]
    [InlineData(new[] { 0, 2 }, NodeMemory.Interleave, 5UL, 0UL)]
    [InlineData(new[] { 1, 64 }, NodeMemory.Interleave, 2UL, 1UL)]
    public void Policy_OneNodeOrSeveral_PrefersItOrTakesThemInTurn(int[] nodes, int mode, ulong low, ulong high)
    {
        var policy = NodeMemory.Policy(nodes);
        Assert.Equal(mode, policy.Mode);
        Assert.Equal([low, high], policy.Mask[..2]);
        Assert.All(policy.Mask[2..], word => Assert.Equal(0UL, word));
    }

    [Fact]
    public void Policy_NodeThatCannotBe_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => NodeMemory.Policy([1024]));
}
