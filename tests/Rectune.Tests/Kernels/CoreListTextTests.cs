using Rectune.Core.Numerics;
using Rectune.Engine.Kernels;
using Xunit;

namespace Rectune.Tests.Kernels;

public sealed class CoreListTextTests
{
    [Theory]
    [InlineData("0", new[] { 0 })]
    [InlineData("2-5,8", new[] { 2, 3, 4, 5, 8 })]
    [InlineData(" 8 , 2-3 ", new[] { 8, 2, 3 })]
    [InlineData("7-7", new[] { 7 })]
    [InlineData("4095", new[] { 4095 })]
    public void TryParse_Lists_KeepTheirOrder(string text, int[] expected)
    {
        Assert.True(CoreListText.TryParse(text, out var cores, out var problem), problem);
        Assert.Equal(expected, cores);
    }

    [Theory]
    [InlineData("", "found ''")]
    [InlineData("1,,2", "found ''")]
    [InlineData("a", "found 'a'")]
    [InlineData("-1", "found '-1'")]
    [InlineData("3-", "found '3-'")]
    [InlineData("5-3", "found '5-3'")]
    [InlineData("1-2-3", "found '1-2-3'")]
    [InlineData("+1", "found '+1'")]
    [InlineData("4096", "found '4096'")]
    [InlineData("0-99999999999", "found '0-99999999999'")]
    [InlineData("1-3,2", "found core 2 twice")]
    public void TryParse_AnythingElse_SaysWhatIsWrong(string text, string expected)
    {
        Assert.False(CoreListText.TryParse(text, out var cores, out var problem));
        Assert.Empty(cores);
        Assert.StartsWith(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_AnyDistinctCores_IsReadBackInTheSameOrder()
    {
        for (ulong seed = 0; seed < 500; seed++)
        {
            var random = SplitMix64.For(seed, 1);
            var cores = new List<int>();
            for (var i = random.NextInt64(30); i >= 0; i--)
            {
                // Often a neighbour of the last, so that there are ranges.
                var core = cores.Count > 0 && random.NextDouble() < 0.6 ? cores[^1] + 1 : (int)random.NextInt64(4000);
                if (!cores.Contains(core))
                {
                    cores.Add(core);
                }
            }

            var text = CoreListText.Text(cores);
            Assert.True(CoreListText.TryParse(text, out var read, out var problem), problem);
            Assert.Equal(cores, read);
        }
    }

    [Fact]
    public void Text_Neighbours_AreRanges()
    {
        Assert.Equal("2-5,8", CoreListText.Text([2, 3, 4, 5, 8]));
        Assert.Equal("8,3,2", CoreListText.Text([8, 3, 2]));
        Assert.Equal("", CoreListText.Text([]));
    }
}
