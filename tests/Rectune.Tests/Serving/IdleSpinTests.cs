using Rectune.Engine.Serving;
using Xunit;

namespace Rectune.Tests.Serving;

public sealed class IdleSpinTests
{
    [Fact]
    public void IsOff_NoTime_IsSo()
    {
        Assert.True(new IdleSpin(new SteppingClock(), TimeSpan.Zero).IsOff);
        Assert.False(new IdleSpin(new SteppingClock(), TimeSpan.FromMicroseconds(1)).IsOff);
    }

    [Fact]
    public void Finds_NothingNew_GivesUpWhenItsTimeIsOver()
    {
        var clock = new SteppingClock();
        var spin = new IdleSpin(clock, TimeSpan.FromMicroseconds(50));
        Assert.False(spin.Finds(spin.News, long.MaxValue));

        // A microsecond a look: the first sets the end.
        Assert.Equal(51, clock.Looks);
    }

    [Fact]
    public void Finds_ToldSinceTheCallerLooked_DoesNotWait()
    {
        var clock = new SteppingClock();
        var spin = new IdleSpin(clock, TimeSpan.FromHours(1));
        var seen = spin.News;
        spin.Tell();
        Assert.True(spin.Finds(seen, long.MaxValue));
        Assert.Equal(1, clock.Looks);
    }

    [Fact]
    public void Finds_AnInstantThatComes_EndsTheLooking()
    {
        var clock = new SteppingClock();
        var spin = new IdleSpin(clock, TimeSpan.FromHours(1));
        Assert.True(spin.Finds(spin.News, wakeNs: 20_000));
        Assert.Equal(20, clock.Looks);
    }

    /// <summary>A microsecond passes with every look.</summary>
    private sealed class SteppingClock : TimeProvider
    {
        public int Looks { get; private set; }

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => ++Looks;
    }
}
