using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rectune.Engine.Serving.Http;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving.Http;

public sealed partial class LivePageTests
{
    [Fact]
    public async Task Page_NamesNothingOutsideItself()
    {
        await using var running = await RunningServer.StartAsync();

        var response = await running.GetAsync("/");
        var page = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.DoesNotMatch(OutsideReference(), page);
        Assert.DoesNotContain("innerHTML", page, StringComparison.Ordinal);
        Assert.Equal(["/v2/live"], FetchedPath().Matches(page).Select(match => match.Groups[1].Value));
    }

    [Fact]
    public async Task Page_Policy_AllowsItsOwnScriptAndStyleOnly()
    {
        await using var running = await RunningServer.StartAsync();

        var response = await running.GetAsync("/");
        var page = await response.Content.ReadAsStringAsync();
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();

        Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        foreach (var element in new[] { "script", "style" })
        {
            var inside = Assert.Single(Regex.Matches(page, $"<{element}>(.*?)</{element}>", RegexOptions.Singleline)).Groups[1].Value;
            Assert.Contains($"{element}-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(inside)))}'", policy, StringComparison.Ordinal);
        }

        Assert.DoesNotMatch(InlineHandlerOrStyle(), page);
    }

    [Fact]
    public async Task Page_EveryElementThatItsScriptFills_Exists()
    {
        await using var running = await RunningServer.StartAsync();

        var page = await running.GetStringAsync("/");

        var filled = FilledElement().Matches(page).Select(match => match.Groups[1].Value).ToArray();
        Assert.True(filled.Length > 20);
        Assert.All(filled, id => Assert.Contains($"id=\"{id}\"", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_EveryMemberThatItsScriptReads_IsAnswered()
    {
        await using var running = await RunningServer.StartAsync(change: options => options with { Plan = new ServedPlan(RunningServer.Promise) });
        using var live = JsonDocument.Parse(await running.GetStringAsync("/v2/live"));

        var page = await running.GetStringAsync("/");

        Assert.All(LiveMember().Matches(page).Select(match => match.Groups[1].Value), name => Assert.True(live.RootElement.TryGetProperty(name, out _), name));
        Assert.All(
            PromiseMember().Matches(page).Select(match => match.Groups[1].Value),
            name => Assert.True(live.RootElement.GetProperty("promise").TryGetProperty(name, out _), name));
    }

    [Fact]
    public void Live_QueriesOfTwoSeconds_AreTheNumbersByHand()
    {
        var clock = StillClock.AtNewYear();
        var options = RunningServer.Options with { Clock = clock, Plan = new ServedPlan(RunningServer.Promise) };
        using var target = new FormulaTarget();
        var watch = new ServerWatch(options, target, new ServerMetrics(), new DrainGate());
        for (var i = 0; i < 8; i++)
        {
            watch.Ended(new QueryEnding(QueryOutcome.Answered) { Samples = 10, Latency = TimeSpan.FromMilliseconds(5) }, requestId: null);
        }

        clock.Advance(1);
        watch.Ended(new QueryEnding(QueryOutcome.Answered) { Samples = 20, Latency = TimeSpan.FromMilliseconds(30) }, requestId: null);
        watch.Ended(new QueryEnding(QueryOutcome.Refused), requestId: null);
        watch.Ended(new QueryEnding(QueryOutcome.Invalid), requestId: null);
        clock.Advance(1);

        // The second under way counts nowhere but for readiness.
        watch.Ended(new QueryEnding(QueryOutcome.Refused), requestId: null);
        watch.Entered();
        using var live = JsonDocument.Parse(new RecentDocument(options, watch).Write());

        var root = live.RootElement;
        Assert.Equal("small", root.GetProperty("model").GetString());
        Assert.Equal("ready", root.GetProperty("state").GetString());
        Assert.Equal(2, root.GetProperty("overS").GetInt32());
        Assert.Equal(5, root.GetProperty("offeredQps").GetDouble());
        Assert.Equal(4.5, root.GetProperty("answeredQps").GetDouble());
        Assert.Equal(4, root.GetProperty("goodputQps").GetDouble());
        Assert.Equal(50, root.GetProperty("samplesPerSecond").GetDouble());
        Assert.Equal(0.5, root.GetProperty("refusedQps").GetDouble());
        Assert.Equal(0.5, root.GetProperty("invalidQps").GetDouble());
        Assert.Equal(0.2, root.GetProperty("overLimitShare").GetDouble(), 1e-9);
        Assert.Equal(1, root.GetProperty("queueQueries").GetInt32());
        Assert.Equal(8, root.GetProperty("queueLimit").GetInt32());
        var latency = root.GetProperty("latency").EnumerateArray().ToArray();
        Assert.Equal([50.0, 95, 99], latency.Select(entry => entry.GetProperty("percentile").GetDouble()));
        Assert.Equal(["known", "too-few", "too-few"], latency.Select(entry => entry.GetProperty("state").GetString()));
        Assert.InRange(latency[0].GetProperty("ms").GetDouble(), 5, 5 * 1.008);
        Assert.Equal("""{"path":"p0 + p1","qps":1000,"percentile":99,"limitMs":20,"allowedShare":0.01,"verdict":"met"}""", root.GetProperty("promise").GetRawText());
    }

    [Fact]
    public async Task Live_WithoutQueriesOrPromise_HasNoInventedNumbers()
    {
        await using var running = await RunningServer.StartAsync();

        using var live = JsonDocument.Parse(await running.GetStringAsync("/v2/live"));

        Assert.Equal(JsonValueKind.Null, live.RootElement.GetProperty("promise").ValueKind);
        Assert.Equal(JsonValueKind.Null, live.RootElement.GetProperty("overLimitShare").ValueKind);
        Assert.All(live.RootElement.GetProperty("latency").EnumerateArray(), entry => Assert.Equal(JsonValueKind.Null, entry.GetProperty("ms").ValueKind));
    }

    [GeneratedRegex("""https?:|//|\bsrc\s*=|\bhref\s*=|url\(|@import|\bimport\b|<link|<iframe|<object|<embed""")]
    private static partial Regex OutsideReference();

    [GeneratedRegex("""\s(on[a-z]+|style)="|javascript:|\beval\(""")]
    private static partial Regex InlineHandlerOrStyle();

    [GeneratedRegex("""fetch\('([^']*)'""")]
    private static partial Regex FetchedPath();

    [GeneratedRegex("""\b(?:put|at|line)\('([^']+)'""")]
    private static partial Regex FilledElement();

    [GeneratedRegex("""\blive\.([A-Za-z0-9]+)""")]
    private static partial Regex LiveMember();

    [GeneratedRegex("""\bpromise\.([A-Za-z0-9]+)""")]
    private static partial Regex PromiseMember();
}
