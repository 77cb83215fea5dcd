using Rectune.Core.Units;
using Xunit;

namespace Rectune.Tests.Units;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("8GiB", 8L << 30)]
    [InlineData("500MB", 500_000_000L)]
    [InlineData("1.5KiB", 1536L)]
    [InlineData("64B", 64L)]
    public void TryParse_WithUnit_IsThatManyBytes(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var size, out _));
        Assert.Equal(bytes, size.Bytes);
    }

    [Theory]
    [InlineData("8")]
    [InlineData("GiB")]
    [InlineData("-1GiB")]
    [InlineData("1e400B")]
    [InlineData("99999999TiB")]
    public void TryParse_WithoutSense_SaysWhatWasExpected(string text)
    {
        Assert.False(ByteSize.TryParse(text, out _, out var problem));
        Assert.Contains($"'{text}'", problem, StringComparison.Ordinal);
        Assert.Contains("8GiB", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0L, "0B")]
    [InlineData(1536L, "1.5KiB")]
    [InlineData(1010L << 20, "1010MiB")]
    [InlineData((1L << 30) - 1, "1024MiB")]
    [InlineData(2161L << 20, "2.11GiB")]
    public void ToString_AnySize_IsShortAndWithoutPowersOfTen(long bytes, string expected) => Assert.Equal(expected, new ByteSize(bytes).ToString());
}
