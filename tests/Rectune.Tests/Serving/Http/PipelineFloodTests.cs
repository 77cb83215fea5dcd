using System.Net.Sockets;
using System.Text;
using Rectune.Engine.Serving.Http;
using Xunit;

namespace Rectune.Tests.Serving.Http;

/// <summary>Clients that never stop asking on one connection: no thread that others wait for is theirs.</summary>
public sealed class PipelineFloodTests
{
    private const int TimeoutMs = 60_000;

    [Theory]
    [InlineData("GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("POST /v2/models/small/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nInference-Header-Content-Length: 2\r\n\r\n{}")]
    public async Task Flood_OnMoreConnectionsThanThereAreSocketThreads_OthersAreAnswered(string request)
    {
        await using var running = await RunningServer.StartAsync();
        Socket[] flooding = [.. Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => Connect(running))];
        Thread[] threads = [.. flooding.SelectMany(socket => (Thread[])[Begin(() => SendForever(socket, request)), Begin(() => ReceiveForever(socket))])];
        try
        {
            for (var i = 0; i < flooding.Length; i++)
            {
                using var other = Connect(running);
                other.Send(Query());
                Assert.StartsWith("HTTP/1.1 200", ReceiveSome(other), StringComparison.Ordinal);
            }
        }
        finally
        {
            foreach (var socket in flooding)
            {
                socket.Dispose();
            }
        }

        Assert.All(threads, thread => Assert.True(thread.Join(TimeoutMs)));
    }

    [Fact]
    public async Task WaitAsync_AloneOrNot_ResumesOnTheTargetsThreadOrOnThePool()
    {
        var gate = new DrainGate();
        gate.TryEnter();
        Assert.False(await ResumesOnPool());
        gate.TryEnter();
        Assert.True(await ResumesOnPool());

        async Task<bool> ResumesOnPool()
        {
            var completion = new QueryCompletion(gate);
            var tag = completion.Begin(expected: 0);
            var resumed = ResumedAsync(completion);
            var target = new Thread(() => completion.Ended(tag, [], Core.Domain.QueryEnd.Answered));
            target.Start();
            target.Join();
            return await resumed;
        }

        static async Task<bool> ResumedAsync(QueryCompletion completion)
        {
            await completion.WaitAsync().ConfigureAwait(false);
            return Thread.CurrentThread.IsThreadPoolThread;
        }
    }

    private static byte[] Query()
    {
        var (body, jsonBytes) = SmallRequests.ValidBinary();
        return [.. Encoding.ASCII.GetBytes($"POST /v2/models/small/infer HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\nInference-Header-Content-Length: {jsonBytes}\r\n\r\n"), .. body];
    }

    /// <summary>Its calls block: nothing of the client runs on the server's threads.</summary>
    private static Socket Connect(RunningServer running)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = TimeoutMs, NoDelay = true };
        socket.Connect(running.Server.Addresses[0].Host, running.Server.Addresses[0].Port);
        return socket;
    }

    private static string ReceiveSome(Socket socket)
    {
        var bytes = new byte[4096];
        return Encoding.ASCII.GetString(bytes, 0, socket.Receive(bytes));
    }

    private static Thread Begin(Action work)
    {
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The end of the test, or of the server's patience.
            }
        }) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private static void SendForever(Socket socket, string request)
    {
        var many = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(request, 500)));
        while (true)
        {
            socket.Send(many);
        }
    }

    private static void ReceiveForever(Socket socket)
    {
        var bytes = new byte[1 << 20];
        while (socket.Receive(bytes) > 0)
        {
        }
    }
}
