using System.Net;
using System.Net.Sockets;
using System.Text;
using Rectune.Core.Domain;
using Rectune.Engine.Serving.Http;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving.Http;

/// <summary>A request's own time limit, through a real socket, under a clock that stands still unless it is moved.</summary>
public sealed class QueryLimitTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData(""" "parameters":{"timeout":50000},""", 50_000)]
    [InlineData(""" "parameters":{"timeout":1},""", 1)]
    public async Task Infer_Timeout_IsTheLimitOfTheQuery(string parameters, long expected)
    {
        await using var running = await StartAsync(StillClock.AtNewYear());

        var response = await running.InferAsync(With(parameters));

        Assert.Equal(SmallRequests.ValidScores, await RunningServer.ScoresAsync(response));
        Assert.Equal(expected, running.Target.LastTerms?.LimitUs);
    }

    [Fact]
    public async Task Infer_TimeoutOfTheWrongKind_Is400WithThePlace()
    {
        await using var running = await StartAsync(StillClock.AtNewYear());

        var response = await running.InferAsync(With(""" "parameters":{"timeout":0},"""));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("parameters.timeout: found 0, expected a whole number of microseconds from 1 to 3600000000", await RunningServer.ErrorAsync(response));
        Assert.Null(running.Target.LastTerms?.LimitUs);
    }

    [Theory]
    [InlineData(59, 1_000)]
    [InlineData(60, null)]
    public async Task Infer_BodyComesSlowly_CountsAgainstTheTimeout(int arrivalMs, int? expectedUs)
    {
        var clock = StillClock.AtNewYear();
        await using var running = await StartAsync(clock);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, running.Server.Port);
        var body = Encoding.UTF8.GetBytes(With(""" "parameters":{"timeout":60000},"""));
        var head = Encoding.ASCII.GetBytes($"POST /v2/models/small/infer HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n");
        await client.GetStream().WriteAsync((byte[])[.. head, .. body[..10]]);
        await RunningServer.UntilAsync(() => running.Server.InFlight == 1);

        clock.Advance(arrivalMs / 1e3);
        await client.GetStream().WriteAsync(body.AsMemory(10));
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        var answer = await reader.ReadToEndAsync();

        Assert.StartsWith(expectedUs is null ? "HTTP/1.1 503" : "HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Equal(expectedUs, running.Target.LastTerms?.LimitUs);
        await running.CountedAsync(expectedUs is null ? 1 : 0, QueryOutcome.Expired);
    }

    [Theory]
    [InlineData(19_999, QueryOutcome.Expired, "the time that it gave itself")]
    [InlineData(20_000, QueryOutcome.Late, "too much lies ahead")]
    [InlineData(null, QueryOutcome.Late, "too much lies ahead")]
    public async Task Infer_Late_TellsWhoseLimitItWas(int? timeoutUs, QueryOutcome expected, string why)
    {
        await using var running = await StartAsync(StillClock.AtNewYear());
        running.Target.Ends = QueryEnd.Late;

        var response = await running.InferAsync(With(timeoutUs is null ? "" : $$""" "parameters":{"timeout":{{timeoutUs}}},"""));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Contains(why, await RunningServer.ErrorAsync(response), StringComparison.Ordinal);
        await running.CountedAsync(1, expected);
    }

    private static Task<RunningServer> StartAsync(StillClock clock) =>
        RunningServer.StartAsync(change: options => options with { Clock = clock, Plan = new ServedPlan(RunningServer.Promise) });

    private static string With(string parameters) => SmallRequests.Valid.Replace("{\"id\"", $"{{{parameters}\"id\"", StringComparison.Ordinal);
}
