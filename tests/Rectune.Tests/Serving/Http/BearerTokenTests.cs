using System.Net;
using System.Net.Http.Headers;
using Rectune.Core.Domain;
using Rectune.Engine.Serving.Http;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving.Http;

public sealed class BearerTokenTests
{
    private const string Secret = "0123456789abcdefABCDEF-._~+/==";

    [Theory]
    [InlineData("Bearer " + Secret, true)]
    [InlineData("bearer " + Secret, true)]
    [InlineData("Bearer  " + Secret + " ", true)]
    [InlineData("Bearer " + Secret + "x", false)]
    [InlineData("Bearer x" + Secret, false)]
    [InlineData("Bearer 0123456789abcdefABCDEF-._~+/=", false)]
    [InlineData("Bearer 1123456789abcdefABCDEF-._~+/==", false)]
    [InlineData("Basic " + Secret, false)]
    [InlineData(Secret, false)]
    [InlineData("Bearer", false)]
    [InlineData("Bearer ", false)]
    [InlineData("Bearer \ud800é", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void IsIn_OnlyTheWholeToken(string? header, bool expected) => Assert.Equal(expected, BearerToken.Read(Secret + "\n", "token").IsIn(header));

    [Fact]
    public void IsIn_LongHeader_IsNoToken() => Assert.False(BearerToken.Read(Secret, "token").IsIn("Bearer " + new string('a', 1_000_000)));

    [Fact]
    public void IsIn_AllocatesNothing()
    {
        var token = BearerToken.Read(Secret, "token");
        Assert.Equal(0, Allocation.Of(() => token.IsIn("Bearer " + Secret)));
    }

    [Theory]
    [InlineData("", "token.txt: found a token of 0 characters, expected 16 to 1024")]
    [InlineData("hunter2-hunter2", "token.txt: found a token of 15 characters, expected 16 to 1024")]
    [InlineData("hunter2 hunter2 hunter2", "token.txt: found a character that a bearer token cannot have at place 8")]
    [InlineData("hunter2hunter2hunter2\nnext", "token.txt: found a character that a bearer token cannot have at place 22")]
    public void Read_Bad_SaysWhyWithoutTheToken(string text, string expected)
    {
        var refusal = Assert.Throws<InvalidInputException>(() => BearerToken.Read(text, "token.txt"));

        Assert.StartsWith(expected, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v2", 401)]
    [InlineData("GET", "/v2/models/small", 401)]
    [InlineData("GET", "/metrics", 401)]
    [InlineData("GET", "/v2/live", 401)]
    [InlineData("GET", "/", 401)]
    [InlineData("GET", "/nothing", 401)]
    [InlineData("POST", "/v2/models/small/infer", 401)]
    [InlineData("POST", "/v2/repository/index", 401)]
    [InlineData("GET", "/v2/health/live", 200)]
    [InlineData("GET", "/v2/health/ready", 200)]
    [InlineData("GET", "/v2/models/small/ready", 200)]
    public async Task Any_WithoutTheToken_IsRefusedButHealth(string method, string path, int expected)
    {
        await using var running = await StartAsync();
        foreach (var token in new[] { null, "0123456789abcdef0123456789abcdef" })
        {
            using var message = new HttpRequestMessage(new HttpMethod(method), path);
            message.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);

            var response = await running.SendAsync(message);

            Assert.Equal(expected, (int)response.StatusCode);
            Assert.Equal(expected == 401 ? "Bearer" : "", response.Headers.WwwAuthenticate.ToString());
        }

        Assert.Null(running.Target.LastTerms);
    }

    [Fact]
    public async Task Page_WithoutTheToken_ComesWithItsRefusalAndAsksForIt()
    {
        await using var running = await StartAsync();

        var response = await running.GetAsync("/");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("This server asks for its token", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_WithTheToken_IsAnsweredAndTheTokenIsNowhereElse()
    {
        using var written = new StringWriter();
        using var log = new ServerLog(written, TimeProvider.System);
        await using var running = await RunningServer.StartAsync(change: options => options with { Token = BearerToken.Read(Secret, "token"), Log = log });
        foreach (var (path, body, status) in new[] { ("infer", SmallRequests.Valid, 200), ("infer", "{", 400), ("nothing", "", 404) })
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, "/v2/models/small/" + path) { Content = new StringContent(body) };
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Secret);

            var response = await running.SendAsync(message);

            Assert.Equal(status, (int)response.StatusCode);
            Assert.DoesNotContain(Secret, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await running.CountedAsync(1, QueryOutcome.Invalid);
        Assert.True(log.Flush());
        Assert.Contains("\"event\":\"query\"", written.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, written.ToString(), StringComparison.Ordinal);
    }

    private static Task<RunningServer> StartAsync() => RunningServer.StartAsync(change: options => options with { Token = BearerToken.Read(Secret, "token") });
}
