using Rectune.Engine.Serving;
using Xunit;

namespace Rectune.Tests.Serving;

public sealed class FailureBackoffTests
{
    [Fact]
    public void Failed_AgainAndAgain_WaitsTwiceAsLongUpToHalfAMinute()
    {
        var backoff = new FailureBackoff();
        double[] waits = [.. Enumerable.Range(0, 8).Select(_ => backoff.Failed(TimeSpan.Zero).TotalSeconds)];
        Assert.Equal([0, 1, 2, 4, 8, 16, 30, 30], waits);
    }

    [Theory]
    [InlineData(29.9, 1)]
    [InlineData(30, 0)]
    public void Failed_AfterItWorkedForAWhile_BeginsAnew(double workedS, double expectedS)
    {
        var backoff = new FailureBackoff();
        backoff.Failed(TimeSpan.FromSeconds(5));
        backoff.Returned(TimeSpan.FromSeconds(10));
        Assert.Equal(expectedS, backoff.Failed(TimeSpan.FromSeconds(10 + workedS)).TotalSeconds);
    }
}
