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
        var (count, rounds) = (0L, 0);
        CompilationSettling.Await(() => rounds++, () => count++, TimeSpan.FromMilliseconds(20), TimeProvider.System);
        Assert.True(rounds > 0);
        Assert.True(count > 0);
    }

    [Fact]
    public void Await_NoTime_RunsNothing() => Assert.Equal(0, CompilationSettling.Await(() => Assert.Fail("no time was given"), () => 0, TimeSpan.Zero, TimeProvider.System));
}
