using Rectune.Engine.Serving.Http;
using Xunit;

namespace Rectune.Tests.Serving.Http;

public sealed class OverloadRuleTests
{
    [Theory]
    [InlineData(0, 0, 0, false)]
    [InlineData(19, 19, 0, false)]
    [InlineData(20, 1, 0, false)]
    [InlineData(20, 2, 0, true)]
    [InlineData(1000, 99, 0, false)]
    [InlineData(1000, 100, 0, true)]
    [InlineData(0, 0, 0.94, false)]
    [InlineData(0, 0, 0.95, true)]
    public void Observe_ReadyServer_IsOverloadedFromATenthTurnedAwayOrAFullQueue(long owed, long turnedAway, double fullness, bool expected)
    {
        var rule = new OverloadRule();

        Assert.Equal(expected, rule.Observe(owed, turnedAway, fullness));
        Assert.Equal(expected, rule.IsOverloaded);
    }

    [Theory]
    [InlineData(1000, 21, 0, true)]
    [InlineData(1000, 20, 0, false)]
    [InlineData(1000, 0, 0.51, true)]
    [InlineData(1000, 0, 0.50, false)]
    [InlineData(5, 1, 0, true)]
    [InlineData(0, 0, 0, false)]
    public void Observe_OverloadedServer_IsReadyAgainOnlyWhenWellBelow(long owed, long turnedAway, double fullness, bool expected)
    {
        var rule = new OverloadRule();
        Assert.True(rule.Observe(100, 100, 1));

        Assert.Equal(!expected, rule.Observe(owed, turnedAway, fullness));
        Assert.Equal(expected, rule.IsOverloaded);
    }

    [Fact]
    public void Observe_BetweenTheBounds_KeepsTheVerdict()
    {
        var rule = new OverloadRule();
        var changes = 0;
        foreach (var turnedAway in new[] { 0, 5, 9, 5, 3, 10, 9, 5, 3, 9, 2, 3, 9, 5 })
        {
            changes += rule.Observe(100, turnedAway, 0.6) ? 1 : 0;
        }

        // At 10 of 100 it begins; at 2 of 100 the queue, still more than half full, holds it.
        Assert.Equal(1, changes);
        Assert.True(rule.Observe(100, 2, 0.5));
    }
}
