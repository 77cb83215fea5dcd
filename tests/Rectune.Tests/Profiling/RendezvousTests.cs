using Rectune.Engine.Profiling;
using Xunit;

namespace Rectune.Tests.Profiling;

public sealed class RendezvousTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Meet_ManyRounds_NobodyGoesOnBeforeAllHaveCome(int participants)
    {
        const int Rounds = 500;
        var rendezvous = new Rendezvous(participants);
        var arrived = new int[Rounds];
        var early = 0;
        Thread[] threads =
        [
            .. Enumerable.Range(0, participants).Select(_ => new Thread(() =>
            {
                for (var round = 0; round < Rounds; round++)
                {
                    Interlocked.Increment(ref arrived[round]);
                    rendezvous.Meet();
                    if (Volatile.Read(ref arrived[round]) != participants)
                    {
                        Interlocked.Increment(ref early);
                    }
                }
            })),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Assert.All(threads, thread => Assert.True(thread.Join(TimeSpan.FromSeconds(30))));
        Assert.Equal(0, early);
    }
}
