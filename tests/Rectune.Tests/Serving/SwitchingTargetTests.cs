using System.Collections.Concurrent;
using Rectune.Core.Domain;
using Rectune.Engine.Serving;
using Rectune.Engine.Serving.Http;
using Rectune.Tests.Fakes;
using Rectune.Tests.Serving.Http;
using Xunit;

namespace Rectune.Tests.Serving;

public sealed class SwitchingTargetTests
{
    private const ulong Seed = 11;
    private const int Queries = 4_000;

    [Fact]
    public void Switch_UnderFullLoad_EveryQueryIsAnsweredByTheOldOrTheNewServer()
    {
        var card = TinyModel.Card();
        var pool = TinyModel.Pool(card, 64);
        using var tables = TinyModel.Tables(Seed);
        using var others = TinyModel.Tables(Seed + 1);
        using var target = new SwitchingTarget(InProcessServerTests.Server(card, tables, 1, 16, 16, Queries));
        var answers = new Answers();
        var sender = new Thread(() =>
        {
            for (var i = 0; i < Queries; i++)
            {
                Assert.Equal(Admission.Accepted, target.Submit(pool, i % 60, 2, answers, i));
                answers.Wait(i - 200);
            }
        });
        sender.Start();

        // There and back again, while queries keep coming.
        foreach (var (store, at) in new[] { (others, 500), (tables, 1_500), (others, 2_500) })
        {
            answers.Wait(at);
            Assert.True(target.Switch(InProcessServerTests.Server(card, store, 1, 16, 16, Queries), TimeSpan.FromSeconds(30)));
        }

        sender.Join();
        answers.Wait(Queries);
        Assert.Equal(Queries, answers.Ended.Count);
        Assert.All(answers.Ended.Values, end => Assert.Equal(QueryEnd.Answered, end));
        Assert.Equal(0, answers.Twice);
    }

    [Fact]
    public void Switch_OldServerStillDrains_CountsOfTheNewOneAreUnderTheNewPlansPath()
    {
        var card = TinyModel.Card();
        var pool = TinyModel.Pool(card, 64);
        using var tables = TinyModel.Tables(Seed);
        using var target = new SwitchingTarget(InProcessServerTests.Server(card, tables, 1, 16, 16, 10));
        var (old, next) = (RunningServer.Promise with { Paths = ["old"] }, RunningServer.Promise with { Paths = ["new"] });
        var plan = new ServedPlan(old);
        var watch = new ServerWatch(RunningServer.Options with { Plan = plan }, target, new ServerMetrics(), new DrainGate());
        var answers = new Answers();
        using var held = new Held();
        Assert.Equal(Admission.Accepted, target.Submit(pool, 0, 2, answers, 0));
        answers.Wait(1);
        Assert.Equal([("old", 2L)], watch.UseOfPaths().Select(of => (of.Path, of.Use.Samples)));

        // The old server has a query whose answer nobody takes yet.
        Assert.Equal(Admission.Accepted, target.Submit(pool, 0, 1, held, 1));
        var switching = new Thread(() => target.Switch(InProcessServerTests.Server(card, tables, 1, 16, 16, 10), TimeSpan.FromSeconds(60), () => plan.Replace(next)));
        switching.Start();
        Assert.True(SpinWait.SpinUntil(() => ReferenceEquals(plan.Promise, next), TimeSpan.FromSeconds(60)));
        Assert.Equal(Admission.Accepted, target.Submit(pool, 0, 5, answers, 2));
        answers.Wait(2);

        Assert.Equal([("new", 5L)], watch.UseOfPaths().Select(of => (of.Path, of.Use.Samples)));
        Assert.True(switching.IsAlive);
        held.Release();
        switching.Join();
    }

    [Fact]
    public void Switch_ClosedAlready_LeavesTheNewServerToTheCaller()
    {
        var card = TinyModel.Card();
        using var tables = TinyModel.Tables(Seed);
        var target = new SwitchingTarget(InProcessServerTests.Server(card, tables, 1, 16, 16, 10));
        target.Dispose();
        using var next = InProcessServerTests.Server(card, tables, 1, 16, 16, 10);
        Assert.Throws<ObjectDisposedException>(() => target.Switch(next, TimeSpan.Zero));
        var answers = new Answers();
        Assert.Equal(Admission.Accepted, next.Submit(TinyModel.Pool(card, 4), 0, 2, answers, 0));
        answers.Wait(1);
    }

    [Fact]
    public void Submit_Closed_SaysSo()
    {
        var card = TinyModel.Card();
        using var tables = TinyModel.Tables(Seed);
        var target = new SwitchingTarget(InProcessServerTests.Server(card, tables, 1, 16, 16, 10));
        target.Dispose();
        var answers = new Answers();
        Assert.Equal(Admission.Closing, target.Submit(TinyModel.Pool(card, 4), 0, 2, answers, 0));
    }

    /// <summary>Keeps whoever tells it how a query ended.</summary>
    private sealed class Held : IQueryObserver, IDisposable
    {
        private readonly ManualResetEventSlim released = new();

        public void Release() => released.Set();

        public void Ended(long tag, ReadOnlySpan<float> scores, QueryEnd end) => released.Wait(TimeSpan.FromSeconds(60));

        public void Dispose() => released.Dispose();
    }

    /// <summary>How every query ended, and a way to wait for so many.</summary>
    private sealed class Answers : IQueryObserver
    {
        private readonly object gate = new();
        private int twice;

        public ConcurrentDictionary<long, QueryEnd> Ended { get; } = new();

        public int Twice => Volatile.Read(ref twice);

        public void Wait(int count)
        {
            lock (gate)
            {
                while (Ended.Count < count)
                {
                    Assert.True(Monitor.Wait(gate, TimeSpan.FromSeconds(30)), $"{Ended.Count} of {count} queries ended");
                }
            }
        }

        void IQueryObserver.Ended(long tag, ReadOnlySpan<float> scores, QueryEnd end)
        {
            lock (gate)
            {
                if (!Ended.TryAdd(tag, end))
                {
                    twice++;
                }

                Monitor.PulseAll(gate);
            }
        }
    }
}
