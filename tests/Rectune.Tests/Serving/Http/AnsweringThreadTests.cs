using System.Net.Sockets;
using System.Text;
using Rectune.Core.Domain;
using Rectune.Engine.Serving.Http;
using Xunit;

namespace Rectune.Tests.Serving.Http;

/// <summary>Which thread goes on with a request once its query has ended.</summary>
public sealed class AnsweringThreadTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ended_QueryAloneOrNot_ResumesOnTheTargetsThreadOnlyWhereItIsAlone(bool alone)
    {
        var completion = new QueryCompletion(() => alone);
        var tag = completion.Begin(1);
        var target = new Thread(() => completion.Ended(tag, [1], QueryEnd.Answered));
        var resumed = ResumedOnAsync(completion);
        target.Start();
        target.Join();

        Assert.Equal(alone, await resumed == target.ManagedThreadId);
        Assert.Equal([1f], completion.Scores.ToArray());
    }

    [Fact]
    public async Task Infer_RequestsSentTogether_AreReadByThePoolNotByTheTargetsThread()
    {
        const int requests = 20;
        await using var running = await RunningServer.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", running.Server.Port, TestContext.Current.CancellationToken);
        var body = Encoding.UTF8.GetBytes(SmallRequests.Valid);
        byte[] request = [.. Encoding.ASCII.GetBytes($"POST /v2/models/small/infer HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];
        await client.GetStream().WriteAsync((byte[])[.. Enumerable.Repeat(request, requests).SelectMany(bytes => bytes)], TestContext.Current.CancellationToken);

        await running.CountedAsync(requests, QueryOutcome.Answered);
        Assert.Equal(requests, running.Target.Accepted);
        Assert.Equal(0, running.Target.OfferedByOtherThreads);
    }

    private static async Task<int> ResumedOnAsync(QueryCompletion completion)
    {
        await completion.WaitAsync().ConfigureAwait(false);
        return Environment.CurrentManagedThreadId;
    }
}
