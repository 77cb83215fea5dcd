using Rectune.Engine.Kernels;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Kernels;

public sealed class ThreadTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Run_ManyTimes_DoesEveryPieceOnceBeforeItReturns(int threads)
    {
        using var team = new ThreadTeam(threads);
        for (var run = 0; run < 3000; run++)
        {
            if (run % 100 == 0)
            {
                Park();
            }

            var pieces = run % 17;
            var done = new int[pieces];
            team.Run(new Work(piece => done[piece]++), pieces);
            Assert.All(done, times => Assert.Equal(1, times));
        }
    }

    [Fact]
    public void Run_ThreadsWithCores_HelpersKeepToTheirs()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && CoreSet.Allowed.Cores.Count > 1, "needs two cores to tell apart");
        using var team = new ThreadTeam(2, CoreSet.Allowed);
        var caller = Environment.CurrentManagedThreadId;
        var helperOn = new System.Collections.Concurrent.ConcurrentBag<int>();
        using var both = new Barrier(2);
        for (var run = 0; run < 100; run++)
        {
            team.Run(
                new Work(_ =>
                {
                    both.SignalAndWait();
                    if (Environment.CurrentManagedThreadId != caller)
                    {
                        helperOn.Add(Thread.GetCurrentProcessorId());
                    }
                }),
                2);
        }

        Assert.Equal(100, helperOn.Count);
        Assert.All(helperOn, core => Assert.Contains(core, CoreSet.Allowed.Share(1, 2).Cores));
    }

    [Fact]
    public void Run_PiecesThatWaitForEachOther_RunOnAsManyThreads()
    {
        using var team = new ThreadTeam(3);
        for (var run = 0; run < 20; run++)
        {
            if (run % 2 == 0)
            {
                Park();
            }

            using var meeting = new Barrier(3);
            var threads = new int[3];
            team.Run(new Work(piece =>
            {
                threads[piece] = Environment.CurrentManagedThreadId;
                Assert.True(meeting.SignalAndWait(TimeSpan.FromMinutes(1)));
            }), 3);
            Assert.Equal(3, threads.Distinct().Count());
            Assert.Contains(Environment.CurrentManagedThreadId, threads);
        }
    }

    [Fact]
    public void Run_HelperThrows_SurfacesOnTheCallerAndTheTeamGoesOn()
    {
        using var team = new ThreadTeam(2);
        var caller = Environment.CurrentManagedThreadId;
        using var meeting = new Barrier(2);
        Assert.Throws<FormatException>(() => team.Run(new Work(_ =>
        {
            meeting.SignalAndWait();
            if (Environment.CurrentManagedThreadId != caller)
            {
                throw new FormatException("from a helper");
            }
        }), 2));

        var done = 0;
        team.Run(new Work(_ => Interlocked.Increment(ref done)), 100);
        Assert.Equal(100, done);
    }

    [Fact]
    public void Run_CallerThrows_StartsNoFurtherPiece()
    {
        using var team = new ThreadTeam(1);
        var done = 0;
        Assert.Throws<FormatException>(() => team.Run(new Work(_ =>
        {
            done++;
            throw new FormatException();
        }), 10));
        Assert.Equal(1, done);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dispose_ParkedOrSpinning_EndsTheThreads(bool parked)
    {
        var helpers = new Thread[2];
        var team = new ThreadTeam(3);
        using (var meeting = new Barrier(3))
        {
            var caller = Thread.CurrentThread;
            var seen = 0;
            team.Run(new Work(_ =>
            {
                if (Thread.CurrentThread != caller)
                {
                    helpers[Interlocked.Increment(ref seen) - 1] = Thread.CurrentThread;
                }

                meeting.SignalAndWait();
            }), 3);
        }

        Assert.All(helpers, helper => Assert.True(helper.IsAlive));
        if (parked)
        {
            Park();
        }

        team.Dispose();
        team.Dispose();
        Assert.All(helpers, helper => Assert.False(helper.IsAlive));
        Assert.Throws<ObjectDisposedException>(() => team.Run(new Work(_ => { }), 1));
    }

    [Fact]
    public void Run_Repeated_AllocatesNothingOnAnyThread()
    {
        using var team = new ThreadTeam(2);
        var allocated = new long[2];
        using var meeting = new Barrier(2);
        var caller = Environment.CurrentManagedThreadId;
        var noting = new Work(_ =>
        {
            meeting.SignalAndWait();
            allocated[Environment.CurrentManagedThreadId == caller ? 0 : 1] = GC.GetAllocatedBytesForCurrentThread();
        });
        var plain = new Work(_ => { });
        var least = long.MaxValue;
        for (var i = 0; i < 10 && least > 0; i++)
        {
            team.Run(noting, 2);
            var before = allocated[1];
            for (var run = 0; run < 100; run++)
            {
                team.Run(plain, 10);
            }

            team.Run(noting, 2);
            // The barrier itself may allocate a waiter on its first uses: the least of several rounds counts.
            least = Math.Min(least, allocated[1] - before);
        }

        Assert.Equal(0, least);
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var run = 0; run < 100; run++)
            {
                team.Run(plain, 10);
            }
        }));
    }

    /// <summary>Waits longer than helpers spin.</summary>
    private static void Park() => SpinWait.SpinUntil(static () => false, TimeSpan.FromMilliseconds(2));

    private sealed class Work(Action<int> run) : IPieceWork
    {
        public void RunPiece(int piece) => run(piece);
    }
}
