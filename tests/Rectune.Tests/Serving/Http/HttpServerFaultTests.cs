using System.Net;
using System.Net.Sockets;
using System.Text;
using Rectune.Core.Numerics;
using Rectune.Engine.Serving.Http;
using Xunit;

namespace Rectune.Tests.Serving.Http;

/// <summary>Clients that do everything wrong on the wire, from fixed seeds: they get what they should, nothing is kept of them, and others are answered meanwhile.</summary>
public sealed class HttpServerFaultTests
{
    private const string Head = "POST /v2/models/small/infer HTTP/1.1\r\nHost: x\r\n";

    private static readonly byte[] Body = Encoding.UTF8.GetBytes(SmallRequests.Valid);

    [Theory]
    [InlineData("GARBAGE\r\n\r\n", "400")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n", "400")]
    [InlineData("GET /v2 HTTP/9.9\r\nHost: x\r\n\r\n", "505")]
    [InlineData("GET /v2 HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET /v2 HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "400")]
    [InlineData("GET /v2 HTTP/1.1\r\nHost: x\r\nBad header\r\n\r\n", "400")]
    [InlineData(Head + "Content-Length: -1\r\n\r\n", "400")]
    [InlineData(Head + "Content-Length: 1x\r\n\r\n", "400")]
    [InlineData(Head + "Content-Length: 3\r\nTransfer-Encoding: gzip\r\n\r\nabc", "400")]
    [InlineData(Head + "Content-Length: 99999999999999999999\r\n\r\n", "400")]
    [InlineData(Head + "Content-Length: 9223372036854775807\r\nConnection: close\r\n\r\n", "413")]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "400")]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", "400")]
    [InlineData(Head + "Content-Length: 3\r\nConnection: close\r\n\r\nabc and more than was said", "400")]
    public async Task Wire_NoHttp_IsRefused(string sent, string status)
    {
        await using var running = await RunningServer.StartAsync();

        var answer = await SayAsync(running, Encoding.Latin1.GetBytes(sent));

        Assert.True(answer.StartsWith($"HTTP/1.1 {status}", StringComparison.Ordinal), $"{sent}\n→ {answer}");
        await IsUnharmedAsync(running);
    }

    [Theory]
    [InlineData(20_000, 1)]
    [InlineData(100, 200)]
    public async Task Wire_HugeHeaders_Are431(int length, int count)
    {
        await using var running = await RunningServer.StartAsync();
        var headers = string.Concat(Enumerable.Range(0, count).Select(i => $"X-{i}: {new string('a', length)}\r\n"));

        var answer = await SayAsync(running, Encoding.ASCII.GetBytes($"GET /v2 HTTP/1.1\r\nHost: x\r\n{headers}\r\n"));

        Assert.StartsWith("HTTP/1.1 431", answer, StringComparison.Ordinal);
        await IsUnharmedAsync(running);
    }

    [Fact]
    public async Task Wire_HugeRequestLine_Is414()
    {
        await using var running = await RunningServer.StartAsync();

        var answer = await SayAsync(running, Encoding.ASCII.GetBytes($"GET /{new string('a', 10_000)} HTTP/1.1\r\nHost: x\r\n\r\n"));

        Assert.StartsWith("HTTP/1.1 414", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wire_LengthLongerThanTheBody_EndsWhenTheClientLeaves()
    {
        await using var running = await RunningServer.StartAsync();
        using (var client = await ConnectAsync(running))
        {
            await client.GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"{Head}Content-Length: {Body.Length + 10}\r\n\r\n"), .. Body]);
            await RunningServer.UntilAsync(() => running.Server.InFlight == 1);
        }

        // Whether it is at fault or gone depends on which of the two is noticed first.
        await RunningServer.UntilAsync(() => running.Metrics.Queries(QueryOutcome.Abandoned) + running.Metrics.Queries(QueryOutcome.Invalid) == 1);
        await IsUnharmedAsync(running);
    }

    [Fact]
    public async Task Wire_ClientsLeaveAnywhere_NothingIsKeptOfThem()
    {
        await using var running = await RunningServer.StartAsync();
        var random = SplitMix64.For(seed: 5, purpose: 0);
        byte[] all = [.. Encoding.ASCII.GetBytes($"{Head}Content-Length: {Body.Length}\r\n\r\n"), .. Body];
        for (var i = 0; i < 300; i++)
        {
            var until = (int)random.NextInt64(all.Length + 1);
            var hard = random.NextInt64(2) == 0;
            using var client = await ConnectAsync(running);
            await client.GetStream().WriteAsync(all.AsMemory(0, until));
            client.Client.LingerState = new LingerOption(hard, seconds: 0);
        }

        await RunningServer.UntilAsync(() => running.Server.InFlight == 0);
        await IsUnharmedAsync(running);

        // At most as many exchanges as clients were there at once, which the server may have come to one after the other.
        Assert.InRange(running.Server.ExchangesMade, 1, 300);
        var made = running.Server.ExchangesMade;
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await running.InferAsync(SmallRequests.Valid)).StatusCode);
        }

        Assert.InRange(running.Server.ExchangesMade, made, made + 1);
    }

    [Fact]
    public async Task Wire_RandomBytes_NeverHarmOthers()
    {
        await using var running = await RunningServer.StartAsync();
        var random = SplitMix64.For(seed: 6, purpose: 0);
        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[1 + random.NextInt64(400)];
            for (var b = 0; b < bytes.Length; b++)
            {
                bytes[b] = (byte)random.NextInt64(256);
            }

            // Half of them begin as a request does.
            byte[] sent = random.NextInt64(2) == 0 ? bytes : [.. Encoding.ASCII.GetBytes($"{Head}Content-Length: {bytes.Length}\r\nConnection: close\r\n\r\n"), .. bytes];
            using var client = await ConnectAsync(running);
            await client.GetStream().WriteAsync(sent);
            client.Client.Shutdown(SocketShutdown.Send);
            Assert.DoesNotContain("HTTP/1.1 500", await ReadAsync(client), StringComparison.Ordinal);
            if (i % 20 == 0)
            {
                Assert.Equal(SmallRequests.ValidScores, await RunningServer.ScoresAsync(await running.InferAsync(SmallRequests.Valid)));
            }
        }

        await IsUnharmedAsync(running);
    }

    [Fact]
    public async Task Wire_SlowHeaders_Are408AndOthersAreAnsweredMeanwhile()
    {
        await using var running = await RunningServer.StartAsync(change: options => options with { Limits = new ConnectionLimits { HeaderTimeout = TimeSpan.FromSeconds(1.5) } });
        using var slow = await ConnectAsync(running);
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /v2 HTTP/1.1\r\nHost:"));

        Assert.Equal(SmallRequests.ValidScores, await RunningServer.ScoresAsync(await running.InferAsync(SmallRequests.Valid)));
        Assert.StartsWith("HTTP/1.1 408", await ReadAsync(slow), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wire_SlowBody_IsCutOffAndOthersAreAnsweredMeanwhile()
    {
        await using var running = await RunningServer.StartAsync(change: options => options with { Limits = new ConnectionLimits { Grace = TimeSpan.FromSeconds(1.5) } });
        using var slow = await ConnectAsync(running);
        await slow.GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"{Head}Content-Length: {Body.Length}\r\n\r\n"), .. Body[..20]]);
        await RunningServer.UntilAsync(() => running.Server.InFlight == 1);

        Assert.Equal(SmallRequests.ValidScores, await RunningServer.ScoresAsync(await running.InferAsync(SmallRequests.Valid)));
        Assert.StartsWith("HTTP/1.1 408", await ReadAsync(slow), StringComparison.Ordinal);
        await running.CountedAsync(1, QueryOutcome.Invalid);
        await IsUnharmedAsync(running);
    }

    [Fact]
    public async Task Connect_MoreThanTheLimit_IsClosedAndThoseInsideAreNot()
    {
        await using var running = await RunningServer.StartAsync(change: options => options with { Limits = new ConnectionLimits { MaxConnections = 2 } });
        using var first = await ConnectAsync(running);
        await first.GetStream().WriteAsync("GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        var buffer = new byte[1000];
        Assert.True(await first.GetStream().ReadAsync(buffer) > 0);
        Assert.Equal(HttpStatusCode.OK, (await running.GetAsync("/v2/health/live")).StatusCode);

        using var third = await ConnectAsync(running);
        Assert.Equal("", await ReadAsync(third));
        var metrics = await running.GetStringAsync("/metrics");
        Assert.Contains("rectune_connections 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("rectune_connections_limit 2\n", metrics, StringComparison.Ordinal);

        await first.GetStream().WriteAsync("GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        Assert.True(await first.GetStream().ReadAsync(buffer) > 0);
    }

    [Theory]
    [InlineData("[[1,2,3],[4,5,6]]", "[[1,2,3],[4,5,NaN]]", "malformed JSON")]
    [InlineData("[[1,2,3],[4,5,6]]", "[[1,2,3],[4,5,Infinity]]", "malformed JSON")]
    [InlineData("[[1,2,3],[4,5,6]]", "[[1,2,3],[4,5,1e999]]", "dense[1,2]: found 1e999, expected a finite FP32 number")]
    [InlineData("[[7],[8]]", "[[-1],[8]]", "A[0,0]: found id -1, expected 0 to 9")]
    [InlineData("[100,200]", "[100,1000]", "B[1,0]: found id 1000, expected 0 to 999")]
    [InlineData("[100,200]", "[100,-9223372036854775808]", "B[1,0]: found id -9223372036854775808, expected 0 to 999")]
    public async Task Infer_FeaturesOutOfRange_Are400(string from, string to, string expected)
    {
        await using var running = await RunningServer.StartAsync();

        var response = await running.InferAsync(SmallRequests.Valid.Replace(from, to, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(expected, await RunningServer.ErrorAsync(response), StringComparison.Ordinal);
        Assert.Equal(0, running.Target.Accepted);
        await IsUnharmedAsync(running);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public async Task InferBinary_DenseNotFinite_Is400(float value)
    {
        await using var running = await RunningServer.StartAsync();
        var (body, jsonBytes) = SmallRequests.ValidBinary();
        SmallRequests.Floats(value).CopyTo(body, jsonBytes + 8);

        var response = await running.InferAsync(body, jsonBytes);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("dense[0,2]", await RunningServer.ErrorAsync(response), StringComparison.Ordinal);
        await IsUnharmedAsync(running);
    }

    /// <summary>All that was taken is given back, nobody foresaw nothing, and the next query is answered.</summary>
    private static async Task IsUnharmedAsync(RunningServer running)
    {
        await RunningServer.UntilAsync(() => running.Server.InFlight == 0);
        Assert.Empty(running.Faults);
        Assert.Equal(0, running.Metrics.Queries(QueryOutcome.Failed));
        Assert.Equal(SmallRequests.ValidScores, await RunningServer.ScoresAsync(await running.InferAsync(SmallRequests.Valid)));
    }

    private static async Task<TcpClient> ConnectAsync(RunningServer running)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, running.Server.Port);
        return client;
    }

    private static async Task<string> SayAsync(RunningServer running, byte[] bytes)
    {
        using var client = await ConnectAsync(running);
        await client.GetStream().WriteAsync(bytes);
        return await ReadAsync(client);
    }

    /// <summary>All that comes until the server closes, at most half a minute; a reset ends it as well.</summary>
    private static async Task<string> ReadAsync(TcpClient client)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            for (var read = 1; read > 0;)
            {
                read = await client.Client.ReceiveAsync(buffer, patience.Token);
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // Data of ours was still on its way when the server closed.
        }

        return text.ToString();
    }
}
