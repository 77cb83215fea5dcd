using Rectune.Core.Units;
using Xunit;

namespace Rectune.Tests.Units;

public sealed class DurationTests
{
    [Theory]
    [InlineData("20ms", 20_000_000L)]
    [InlineData("1us", 1_000L)]
    [InlineData("1.5s", 1_500_000_000L)]
    [InlineData("2min", 120_000_000_000L)]
    public void TryParse_WithUnit_IsThatLong(string text, long nanoseconds)
    {
        Assert.True(Duration.TryParse(text, out var span, out _));
        Assert.Equal(nanoseconds, span.Nanoseconds);
    }

    [Theory]
    [InlineData("20", "without a unit")]
    [InlineData("ms", "positive time")]
    [InlineData("0s", "positive time")]
    [InlineData("-3ms", "positive time")]
    public void TryParse_WithoutSense_SaysWhatIsWrong(string text, string expected)
    {
        Assert.False(Duration.TryParse(text, out _, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20_000_000L, "20ms")]
    [InlineData(1_500_000_000L, "1.5s")]
    [InlineData(999L, "999ns")]
    public void ToString_AnySpan_UsesTheLargestUnit(long nanoseconds, string expected) => Assert.Equal(expected, new Duration(nanoseconds).ToString());
}
