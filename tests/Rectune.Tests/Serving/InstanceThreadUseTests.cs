using Rectune.Core.Domain;
using Rectune.Engine.Serving;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving;

public sealed class InstanceThreadUseTests
{
    [Fact]
    public void Ended_LongRunsAndNoCoreFree_TheThreadMayAnswer() => Assert.True(MayAnswer(Environment.ProcessorCount, runsTakeMs: 1));

    [Fact]
    public void Ended_ShortRunsAndNoCoreFree_TheThreadMayNotAnswer() => Assert.False(MayAnswer(Environment.ProcessorCount, runsTakeMs: 0));

    [Fact]
    public void Ended_LongRunsAndAnotherCore_TheThreadMayNotAnswer()
    {
        Assert.SkipUnless(Environment.ProcessorCount > 1, "one core has no other");
        Assert.False(MayAnswer(Environment.ProcessorCount - 1, runsTakeMs: 1));
    }

    private static bool MayAnswer(int instances, int runsTakeMs)
    {
        var card = TinyModel.Card();
        using var tables = TinyModel.Tables(seed: 11);
        using var server = InProcessServerTests.Server(card, tables, instances, split: 8, maxBatch: 8, queueLimit: 4, clock: new TickingClock(TimeSpan.FromMilliseconds(runsTakeMs)));
        var observer = new Witness();
        Assert.Equal(Admission.Accepted, server.Submit(TinyModel.Pool(card, 8), 0, 8, observer, tag: 0));
        Assert.True(observer.Ended.Wait(TimeSpan.FromSeconds(30)));
        return observer.Ended.Result;
    }

    /// <summary>Sees what the thread that ends a query may do.</summary>
    private sealed class Witness : IQueryObserver
    {
        private readonly TaskCompletionSource<bool> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<bool> Ended => ended.Task;

        void IQueryObserver.Ended(long tag, ReadOnlySpan<float> scores, QueryEnd end)
        {
            Assert.True(InstanceThread.IsCurrent);
            ended.SetResult(InstanceThread.MayAnswer);
        }
    }
}
