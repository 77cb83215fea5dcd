using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Xunit;

namespace Rectune.EndToEnd;

/// <summary>A served plan on a machine that has run short of something.</summary>
[Collection(nameof(PlannedModel))]
public sealed class FaultyServeTests(PlannedModel planned) : IDisposable
{
    private const int Files = 500;

    private readonly Rectune rectune = new();

    public void Dispose() => rectune.Dispose();

    [Fact]
    public async Task Apply_MoreConnectionsThanFiles_ThoseInsideAreAnsweredAndOthersOnceThereIsRoom()
    {
        planned.CopyTo(rectune, "plan.json");
        using var server = rectune.StartWithFiles(Files, "apply", "plan.json", "--urls", "http://127.0.0.1:0", "--json");
        using var inside = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        List<TcpClient> crowd = [];
        try
        {
            var url = await Rectune.ReadUrl(server);
            var limit = Metric(await inside.GetStringAsync(new Uri(url + "/metrics")), "rectune_connections_limit");
            Assert.InRange(limit, 1, Files - 65);
            for (var i = 0; i < Files + 100; i++)
            {
                crowd.Add(new TcpClient());
                await crowd[i].ConnectAsync(IPAddress.Loopback, new Uri(url).Port);
            }

            // All but one of the connections that may be there are the crowd's; the others are closed.
            await UntilAsync(() => Task.FromResult(crowd.Count(IsClosed) == crowd.Count - (limit - 1)));

            // The connection that was there first goes on, and another plan can still be loaded, for which files are opened.
            Assert.Equal(limit, Metric(await inside.GetStringAsync(new Uri(url + "/metrics")), "rectune_connections"));
            using var nothing = new ByteArrayContent([]);
            using var loaded = await inside.PostAsync(new Uri($"{url}/v2/repository/models/{planned.Plan.Model.Name}/load"), nothing);
            Assert.True(loaded.IsSuccessStatusCode, await loaded.Content.ReadAsStringAsync());
            Assert.Equal(HttpStatusCode.OK, (await inside.GetAsync(new Uri(url + "/v2/health/ready"))).StatusCode);
            using var outside = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
            await Assert.ThrowsAsync<HttpRequestException>(() => outside.GetAsync(new Uri(url + "/v2/health/ready")));

            crowd.ForEach(client => client.Dispose());
            await UntilAsync(async () => Metric(await inside.GetStringAsync(new Uri(url + "/metrics")), "rectune_connections") == 1);
            Assert.Equal(HttpStatusCode.OK, (await outside.GetAsync(new Uri(url + "/v2/health/ready"))).StatusCode);
        }
        finally
        {
            crowd.ForEach(client => client.Dispose());
            Rectune.Signal(server, "TERM");
        }

        Assert.True(server.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, server.ExitCode);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"the process may have {Files} files open at once; raise the limit: ulimit -n "), await server.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
    }

    /// <summary>Whether the server has closed it, of whom nothing else comes.</summary>
    private static bool IsClosed(TcpClient client) => client.Client.Poll(TimeSpan.Zero, SelectMode.SelectRead);

    private static double Metric(string page, string name) =>
        double.Parse(Regex.Match(page, $"^{name} (.+)$", RegexOptions.Multiline).Groups[1].Value, CultureInfo.InvariantCulture);

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var holds = await condition();
        for (var i = 0; i < 300 && !holds; i++)
        {
            await Task.Delay(100);
            holds = await condition();
        }

        Assert.True(holds);
    }
}
