using Rectune.Core.Numerics;
using Xunit;

namespace Rectune.Tests.Numerics;

public sealed class ClopperPearsonTests
{
    [Fact]
    public void Upper_NoHits_IsOneMinusTheRootOfTheError() =>
        Assert.Equal(1 - Math.Pow(0.01, 1.0 / 459), ClopperPearson.Upper(0, 459, 0.01), 10);

    [Fact]
    public void Lower_OnlyHits_IsTheRootOfTheError() => Assert.Equal(Math.Pow(0.05, 1.0 / 20), ClopperPearson.Lower(20, 20, 0.05), 10);

    // At its bound a share shows so extreme a count with exactly the stated error.
    [Theory]
    [InlineData(3, 50, 0.025)]
    [InlineData(40, 12_000, 0.005)]
    [InlineData(9, 10, 0.1)]
    public void Bounds_WholeCounts_SpendExactlyTheError(int hits, int trials, double error)
    {
        Assert.Equal(error, BinomialTail.AtMost(hits, trials, ClopperPearson.Upper(hits, trials, error)), 9);
        Assert.Equal(error, BinomialTail.AtLeast(hits, trials, ClopperPearson.Lower(hits, trials, error)), 9);
    }

    [Fact]
    public void Bounds_FractionalCounts_LieBetweenTheirNeighbours()
    {
        Assert.InRange(ClopperPearson.Upper(2.5, 100, 0.01), ClopperPearson.Upper(2, 100, 0.01), ClopperPearson.Upper(3, 100, 0.01));
        Assert.Equal(0, ClopperPearson.Lower(0, 33.3, 0.01));
        Assert.Equal(1, ClopperPearson.Upper(33.3, 33.3, 0.01));
    }
}
