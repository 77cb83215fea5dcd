using System.Net;
using System.Net.Sockets;
using System.Text;
using Rectune.Engine.Serving.Http;
using Xunit;

namespace Rectune.Tests.Serving.Http;

/// <summary>What can go wrong on a connection that many requests share.</summary>
public sealed class Http2FaultTests
{
    private static readonly byte[] Preface = Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    [Fact]
    public async Task Stream_ClientGivesUpMidBody_OthersOfTheConnectionAreAnswered()
    {
        await using var running = await StartAsync();
        using var client = Client(running);
        using var giveUp = new CancellationTokenSource();
        using var content = new HeldContent();
        var given = client.PostAsync("/v2/models/small/infer", content, giveUp.Token);
        await RunningServer.UntilAsync(() => running.Server.InFlight == 1);

        Assert.Equal(SmallRequests.ValidScores, await InferAsync(client));
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        await RunningServer.UntilAsync(() => running.Server.InFlight == 0);

        Assert.Equal(SmallRequests.ValidScores, await InferAsync(client));
        await running.CountedAsync(1, QueryOutcome.Abandoned);
        Assert.Empty(running.Faults);
    }

    [Fact]
    public async Task Stream_ClientLeavesWhileItsQueryRuns_TheAnswerGoesNowhere()
    {
        await using var running = await StartAsync();
        using var client = Client(running);
        using var giveUp = new CancellationTokenSource();
        running.Target.Hold();
        var given = client.PostAsync("/v2/models/small/infer", new StringContent(SmallRequests.Valid), giveUp.Token);
        await RunningServer.UntilAsync(() => running.Target.Accepted == 1);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.Equal(1, running.Server.InFlight);

        running.Target.Release();
        Assert.Equal(SmallRequests.ValidScores, await InferAsync(client));
        await RunningServer.UntilAsync(() => running.Server.InFlight == 0);
        Assert.Empty(running.Faults);
        Assert.InRange(running.Server.ExchangesMade, 1, 2);
    }

    [Theory]
    [InlineData("GET /v2 HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("\u0000\u0001\u0002 no preface at all, and long enough to be one")]
    public async Task Connection_NoHttp2_IsClosed(string sent)
    {
        await using var running = await StartAsync();

        await EndsAsync(running, Encoding.Latin1.GetBytes(sent));
    }

    [Fact]
    public async Task Connection_DamagedFrames_AreClosedAndNobodyIsHarmed()
    {
        await using var running = await StartAsync();
        var random = Rectune.Core.Numerics.SplitMix64.For(seed: 8, purpose: 0);
        using var client = Client(running);
        for (var i = 0; i < 50; i++)
        {
            // A frame of settings as a connection must begin, then one of any kind, flags and stream with any content.
            var length = (int)random.NextInt64(64);
            var frame = new byte[9 + length];
            for (var b = 0; b < frame.Length; b++)
            {
                frame[b] = (byte)random.NextInt64(256);
            }

            (frame[0], frame[1], frame[2], frame[3]) = (0, 0, (byte)length, (byte)random.NextInt64(10));
            await EndsAsync(running, [.. Preface, 0, 0, 0, 4, 0, 0, 0, 0, 0, .. frame]);
        }

        Assert.Equal(SmallRequests.ValidScores, await InferAsync(client));
        await RunningServer.UntilAsync(() => running.Server.InFlight == 0);
        Assert.Empty(running.Faults);
    }

    private static Task<RunningServer> StartAsync() => RunningServer.StartAsync(change: options => options with { Urls = ["h2c://127.0.0.1:0"] });

    private static HttpClient Client(RunningServer running) => new()
    {
        BaseAddress = running.Server.Addresses[0],
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = TimeSpan.FromSeconds(30),
    };

    private static async Task<float[]> InferAsync(HttpClient client) =>
        await RunningServer.ScoresAsync(await client.PostAsync("/v2/models/small/infer", new StringContent(SmallRequests.Valid)));

    /// <summary>Sends, closes this direction, and reads until the server closes the other.</summary>
    private static async Task EndsAsync(RunningServer running, byte[] sent)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, running.Server.Port);
        var buffer = new byte[4096];
        try
        {
            await client.Client.SendAsync(sent, patience.Token);
            client.Client.Shutdown(SocketShutdown.Send);
            while (await client.Client.ReceiveAsync(buffer, patience.Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Closed before all was read.
        }
    }

    /// <summary>Half of a request, whose rest never comes.</summary>
    private sealed class HeldContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(SmallRequests.Valid[..40]), cancellationToken);
            await stream.FlushAsync(cancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
