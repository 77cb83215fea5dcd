using Rectune.Core.Domain;
using Rectune.Engine.Serving;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving;

/// <summary>A server by a clock that moves on whenever it is read: every run takes at least one step.</summary>
public sealed class InProcessServerDriftTests
{
    private const ulong Seed = 11;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void UseOfPaths_RunsTakeLongerThanPlanned_TellsTheDrift()
    {
        // Planned are 5 ms; a run takes 100 ms or more.
        var use = Served(plannedUs: 5_000);

        Assert.Equal(DriftState.Slower, use.Drift!.State);
        Assert.True(use.Drift.Ratio > 2, $"{use.Drift.Ratio}");
        Assert.Equal(400, use.Queries);
    }

    [Fact]
    public void UseOfPaths_RunsTakeFarLessThanPlanned_TellsTheDrift()
    {
        // A minute: the clock is read a few times while a run is under way, not hundreds.
        Assert.Equal(DriftState.Faster, Served(plannedUs: 60_000_000).Drift!.State);
    }

    private static PathUse Served(double plannedUs)
    {
        var card = TinyModel.Card();
        var pool = TinyModel.Pool(card, 64);
        using var tables = TinyModel.Tables(Seed);
        using var server = new InProcessServer(
            ServerUseTests.Settings(plannedUs, instances: 1), [[TinyModel.Instance(card, tables, TablePrecision.Fp32, 1, 16, Seed)]], new TickingClock(Step));
        using var observer = new OneAtATime();
        // Four runs each, three of which follow another.
        for (var i = 0; i < 400; i++)
        {
            Assert.Equal(Admission.Accepted, server.Submit(pool, 0, 64, observer, i));
            observer.Wait();
        }

        // An answer reaches its observer after it was counted.
        return Assert.Single(server.UseOfPaths());
    }

    private sealed class OneAtATime : IQueryObserver, IDisposable
    {
        private readonly AutoResetEvent done = new(initialState: false);

        public void Ended(long tag, ReadOnlySpan<float> scores, QueryEnd end) => done.Set();

        public void Wait() => Assert.True(done.WaitOne(TimeSpan.FromSeconds(30)));

        public void Dispose() => done.Dispose();
    }
}
