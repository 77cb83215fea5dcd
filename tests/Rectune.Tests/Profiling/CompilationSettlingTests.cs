using Rectune.Engine.Profiling;
using Xunit;

namespace Rectune.Tests.Profiling;

public sealed class CompilationSettlingTests
{
    [Fact]
    public void Await_CodeIsStillCompiled_RunsUntilTwoRoundsAddNothing()
    {
        var counts = new Queue<long>([5, 7, 9, 9, 11, 11, 11, 99]);
        var rounds = 0;
        Assert.Equal(6, CompilationSettling.Await(() => rounds++, counts.Dequeue, TimeSpan.FromHours(1), TimeProvider.System));
        Assert.Equal(6, rounds);
        Assert.Equal([99L], counts);
    }

    [Fact]
    public void Await_CompilerThatNeverEnds_GivesUp()
    {
        var count = 0L;

        // A millisecond a look, of which the first sets the beginning.
        Assert.Equal(19, CompilationSettling.Await(() => { }, () => count++, TimeSpan.FromMilliseconds(20), new SteppingClock()));
    }

    [Fact]
    public void Await_NoTime_RunsNothing() => Assert.Equal(0, CompilationSettling.Await(() => Assert.Fail("no time was given"), () => 0, TimeSpan.Zero, TimeProvider.System));

    private sealed class SteppingClock : TimeProvider
    {
        private long looks;

        public override long TimestampFrequency => 1_000;

        public override long GetTimestamp() => ++looks;
    }
}
