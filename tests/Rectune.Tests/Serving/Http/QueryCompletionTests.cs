using Rectune.Core.Domain;
using Rectune.Engine.Serving;
using Rectune.Engine.Serving.Http;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving.Http;

public sealed class QueryCompletionTests
{
    [Theory]
    [InlineData(1, true, 0, 1, false, false)]
    [InlineData(2, true, 0, 1, true, true)]
    [InlineData(2, true, 500_000, 1, true, false)]
    [InlineData(2, true, 500_000, 1, false, true)]
    [InlineData(2, true, 900_000, 2, true, true)]
    [InlineData(2, true, 1_000_000, 2, true, false)]
    [InlineData(2, true, 2_500_000, 5, true, true)]
    [InlineData(1, false, 500_000, 1, true, true)]
    public async Task WaitAsync_AloneOrAfterALongRunOrNot_ResumesOnTheTargetsThreadOrOnThePool(int inside, bool brief, long tookNs, int queries, bool noCoreIsFree, bool onPool)
    {
        using var target = new FormulaTarget();
        var watch = new ServerWatch(RunningServer.Options, target, new ServerMetrics(), new DrainGate());
        for (var i = 0; i < inside; i++)
        {
            watch.Entered();
        }

        var completion = new QueryCompletion(watch);
        var tag = completion.Begin(expected: 0, brief);
        var resumed = ResumedOnPoolAsync(completion);
        var ending = new Thread(() =>
        {
            InstanceThread.Begin(noCoreIsFree);
            InstanceThread.Ran(tookNs, queries);
            completion.Ended(tag, [], QueryEnd.Answered);
        });
        ending.Start();
        ending.Join();

        Assert.Equal(onPool, await resumed);
    }

    private static async Task<bool> ResumedOnPoolAsync(QueryCompletion completion)
    {
        await completion.WaitAsync().ConfigureAwait(false);
        return Thread.CurrentThread.IsThreadPoolThread;
    }
}
