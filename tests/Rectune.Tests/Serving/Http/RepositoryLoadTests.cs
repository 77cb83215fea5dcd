using System.Net;
using Xunit;

namespace Rectune.Tests.Serving.Http;

public sealed class RepositoryLoadTests
{
    private const string Path = "/v2/repository/models/small/load";

    private static readonly ByteArrayContent Nothing = new([]);

    [Fact]
    public async Task Load_ServerCannot_SaysSo()
    {
        await using var running = await RunningServer.StartAsync();
        var answer = await running.PostAsync(Path, Nothing);
        Assert.Equal(HttpStatusCode.NotImplemented, answer.StatusCode);
        Assert.Contains("cannot load", await RunningServer.ErrorAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_Done_IsAnsweredWhenItIs()
    {
        var loads = 0;
        await using var running = await RunningServer.StartAsync(change: options => options with
        {
            Reload = () =>
        {
            Interlocked.Increment(ref loads);
            return null;
        }
        });
        var answer = await running.PostAsync(Path, Nothing);
        Assert.Equal((HttpStatusCode.OK, 1), (answer.StatusCode, loads));
        Assert.Equal("{}", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Load_SomethingIsInTheWay_IsTold()
    {
        await using var running = await RunningServer.StartAsync(change: options => options with { Reload = () => "the file is gone" });
        var answer = await running.PostAsync(Path, Nothing);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("the file is gone", await RunningServer.ErrorAsync(answer));
    }

    [Fact]
    public async Task Load_WebPageAsks_IsRefused()
    {
        await using var running = await RunningServer.StartAsync(change: options => options with { Reload = () => null });
        using var message = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new ByteArrayContent([]) };
        message.Headers.Add("Origin", "http://elsewhere.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await running.SendAsync(message)).StatusCode);
    }

    [Theory]
    [InlineData("/v2/repository/models/other/load", HttpStatusCode.NotFound)]
    [InlineData("/v2/repository/models/small/unload", HttpStatusCode.NotFound)]
    [InlineData("/v2/repository/models//load", HttpStatusCode.NotFound)]
    public async Task Load_AnotherPath_IsNotFound(string path, HttpStatusCode expected)
    {
        await using var running = await RunningServer.StartAsync(change: options => options with { Reload = () => null });
        Assert.Equal(expected, (await running.PostAsync(path, Nothing)).StatusCode);
    }
}
