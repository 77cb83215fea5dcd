using Rectune.Core.Domain;
using Rectune.Engine.Serving.Http;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving.Http;

public sealed class QueryCompletionTests
{
    [Theory]
    [InlineData(1, true, false)]
    [InlineData(2, true, true)]
    [InlineData(1, false, true)]
    public async Task WaitAsync_AloneAndBriefOrNot_ResumesOnTheTargetsThreadOrOnThePool(int inside, bool brief, bool onPool)
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
        var ending = new Thread(() => completion.Ended(tag, [], QueryEnd.Answered));
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
