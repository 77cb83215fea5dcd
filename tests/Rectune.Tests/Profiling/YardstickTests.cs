using Rectune.Engine.Profiling;
using Xunit;

namespace Rectune.Tests.Profiling;

public sealed class YardstickTests
{
    [Fact]
    public void SlowedSinceLast_OneTimeFarAboveTheOthers_SaysSoBeforeAndAfterIt()
    {
        // Each measurement reads the clock at its beginning and at its end; what passes between is scripted.
        var clock = new ScriptedClock([.. Enumerable.Repeat(100.0, 9), 131, 100, 100]);
        var yardstick = new Yardstick(clock);
        yardstick.Measure();
        var slowed = Enumerable.Range(0, 11).Select(_ => yardstick.SlowedSinceLast()).ToArray();
        Assert.Equal([9, 10], Enumerable.Range(1, 11).Where(i => slowed[i - 1]));
        Assert.Equal(100, yardstick.MedianUs, 6);
    }

    [Fact]
    public void SlowedSinceLast_TooFewToKnowWhatIsUsual_SaysNo()
    {
        var yardstick = new Yardstick(new ScriptedClock([100, 100, 500]));
        yardstick.Measure();
        Assert.False(yardstick.SlowedSinceLast());
        Assert.False(yardstick.SlowedSinceLast());
    }

    private sealed class ScriptedClock(IReadOnlyList<double> lengthsUs) : TimeProvider
    {
        private long ticks;
        private int calls;

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp()
        {
            ticks += calls++ % 2 == 1 ? (long)(1_000 * lengthsUs[calls / 2 - 1]) : 0;
            return ticks;
        }
    }
}
