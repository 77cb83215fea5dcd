using System.Net;
using Rectune.Core.Domain;
using Rectune.Engine.Serving.Http;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving.Http;

/// <summary>Health and the repository's index under load, under a clock that stands still unless it is moved.</summary>
public sealed class ReadinessTests
{
    private const string Ready = """[{"name":"small","version":"1","state":"READY","reason":""}]""";
    private const string Overloaded = """[{"name":"small","version":"1","state":"UNAVAILABLE","reason":"the server is overloaded and turns queries away"}]""";

    [Fact]
    public async Task Ready_QueriesAreTurnedAway_Is503UntilTheyAreForgotten()
    {
        var clock = StillClock.AtNewYear();
        using var written = new StringWriter();
        using var log = new ServerLog(written, clock);
        await using var running = await RunningServer.StartAsync(change: options => options with { Clock = clock, Log = log, Plan = new ServedPlan(RunningServer.Promise) });
        running.Target.Refuses = Admission.QueueFull;
        for (var i = 0; i < OverloadRule.FewestQueries - 1; i++)
        {
            await running.InferAsync(SmallRequests.Valid);
        }

        await running.CountedAsync(OverloadRule.FewestQueries - 1, QueryOutcome.Refused);
        await SaysAsync(running, HttpStatusCode.OK, Ready, Ready);

        await running.InferAsync(SmallRequests.Valid);
        await running.CountedAsync(OverloadRule.FewestQueries, QueryOutcome.Refused);
        await SaysAsync(running, HttpStatusCode.ServiceUnavailable, Overloaded, "[]");
        Assert.Contains("rectune_overloaded 1\n", await running.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await running.GetAsync("/v2/health/live")).StatusCode);

        // An overloaded server goes on answering what it can.
        running.Target.Refuses = null;
        Assert.Equal(SmallRequests.ValidScores, await RunningServer.ScoresAsync(await running.InferAsync(SmallRequests.Valid)));
        await SaysAsync(running, HttpStatusCode.ServiceUnavailable, Overloaded, "[]");

        clock.Advance(6);
        await SaysAsync(running, HttpStatusCode.OK, Ready, Ready);
        Assert.True(log.Flush());
        Assert.Single(Lines(written, "overloaded"));
        Assert.Single(Lines(written, "recovered"));
    }

    [Fact]
    public async Task Ready_QueueNearlyFull_Is503UntilItIsHalfEmpty()
    {
        await using var running = await RunningServer.StartAsync(change: options => options with { Plan = new ServedPlan(RunningServer.Promise) });
        running.Target.Hold();
        var inside = Enumerable.Range(0, RunningServer.Promise.QueueLimit).Select(_ => running.InferAsync(SmallRequests.Valid)).ToArray();
        await RunningServer.UntilAsync(() => running.Server.Readiness == Readiness.Overloaded);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await running.GetAsync("/v2/health/ready")).StatusCode);

        running.Target.Release();
        Assert.All(await Task.WhenAll(inside), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        await RunningServer.UntilAsync(() => running.Server.Readiness == Readiness.Ready);
        Assert.Contains("rectune_queue_queries 0\n", await running.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ready_ClientsThatAskForTooLittleTime_StaysReady()
    {
        await using var running = await RunningServer.StartAsync(change: options => options with { Plan = new ServedPlan(RunningServer.Promise) });
        running.Target.Refuses = Admission.TooLate;
        for (var i = 0; i < 2 * OverloadRule.FewestQueries; i++)
        {
            await running.InferAsync(SmallRequests.Valid.Replace("\"id\"", "\"parameters\":{\"timeout\":1000},\"id\"", StringComparison.Ordinal));
        }

        await running.CountedAsync(2 * OverloadRule.FewestQueries, QueryOutcome.Expired);
        Assert.Equal(Readiness.Ready, running.Server.Readiness);
    }

    [Theory]
    [InlineData("[]", 400, "body: expected an object")]
    [InlineData("{", 400, "found malformed JSON")]
    [InlineData(null, 413, "expected at most 4096")]
    public async Task RepositoryIndex_BadBody_SaysWhatIsWrong(string? body, int status, string expected)
    {
        await using var running = await RunningServer.StartAsync();

        var response = await running.PostAsync("/v2/repository/index", new StringContent(body ?? new string(' ', 5000)));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(expected, await RunningServer.ErrorAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_RequestIdInTheHeader_IsEchoedWhateverTheAnswer()
    {
        await using var running = await RunningServer.StartAsync();
        foreach (var (id, echoed) in new (string, string?)[] { ("a-1", "a-1"), (new string('x', 128), new string('x', 128)), (new string('x', 129), null), ("a b", null) })
        {
            foreach (var (path, body) in new[] { ("/v2/models/small/infer", SmallRequests.Valid), ("/v2/models/small/infer", "{"), ("/nothing", "") })
            {
                using var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
                message.Headers.TryAddWithoutValidation("X-Request-Id", id);

                var response = await running.SendAsync(message);

                Assert.Equal(echoed, response.Headers.TryGetValues("X-Request-Id", out var values) ? values.Single() : null);
            }
        }
    }

    private static async Task SaysAsync(RunningServer running, HttpStatusCode status, string all, string ready)
    {
        Assert.Equal(status, (await running.GetAsync("/v2/health/ready")).StatusCode);
        Assert.Equal(status, (await running.GetAsync("/v2/models/small/ready")).StatusCode);
        Assert.Equal(all, await IndexAsync(running, ""));
        Assert.Equal(ready, await IndexAsync(running, """{"ready":true}"""));
    }

    private static async Task<string> IndexAsync(RunningServer running, string body)
    {
        var response = await running.PostAsync("/v2/repository/index", new StringContent(body));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private static IEnumerable<string> Lines(StringWriter written, string name) =>
        written.ToString().Split('\n').Where(line => line.Contains($"\"event\":\"{name}\"", StringComparison.Ordinal));
}
