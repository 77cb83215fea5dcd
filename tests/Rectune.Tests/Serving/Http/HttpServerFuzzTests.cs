using System.Net.Http.Headers;
using System.Text;
using Rectune.Engine.Serving.Http;
using Xunit;

namespace Rectune.Tests.Serving.Http;

/// <summary>Requests wrong in every way, from a fixed seed, over sockets: every one is answered, none as a fault of the server, and nothing is kept of them.</summary>
public sealed class HttpServerFuzzTests
{
    private const int Requests = 5_000;
    private const int Clients = 4;

    private static readonly string[] Paths =
        ["/v2/models/small/infer", "/v2/models/small/infer", "/v2/models/small/infer", "/v2/models/small/infer", "/v2/models/small/versions/1/infer", "/v2/models/x/infer", "/v2/models//infer", "/v2/models/small/%00"];

    [Fact]
    public async Task Infer_FuzzedRequests_AreAnsweredWithoutAFaultAndOthersAreUnharmed()
    {
        await using var running = await RunningServer.StartAsync();
        var seen = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => SendAsync(running, (ulong)client)));

        var counts = seen.SelectMany(of => of).GroupBy(of => of.Key).ToDictionary(of => of.Key, of => of.Sum(count => count.Value));
        Assert.True(counts[200] > 300 && counts[400] > 1000 && counts[404] > 300, string.Join(' ', counts));
        Assert.Equal(Requests, counts.Values.Sum());
        await RunningServer.UntilAsync(() => running.Server.InFlight == 0);
        Assert.Empty(running.Faults);
        Assert.Equal(0, running.Server.BodyBytes);
        Assert.InRange(running.Server.ExchangesMade, 1, 2 * Clients);
        Assert.Equal(0, running.Metrics.Queries(QueryOutcome.Failed));
    }

    /// <summary>Sends a client's share one after another, every 50th as it should be; returns how often each status came.</summary>
    private static async Task<Dictionary<int, int>> SendAsync(RunningServer running, ulong client)
    {
        var fuzzer = new RequestFuzzer(seed: 100 + client);
        var seen = new Dictionary<int, int>();
        for (var i = 0; i < Requests / Clients; i++)
        {
            var (body, jsonBytes) = fuzzer.Request();
            using var message = new HttpRequestMessage(HttpMethod.Post, Paths[fuzzer.Next(Paths.Length)]) { Content = new ByteArrayContent(body) };
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            message.Headers.TransferEncodingChunked = fuzzer.Next(4) == 0;
            if (jsonBytes is not null)
            {
                message.Headers.Add("Inference-Header-Content-Length", $"{jsonBytes}");
            }

            using var response = await running.SendAsync(message);
            var status = (int)response.StatusCode;
            seen[status] = seen.GetValueOrDefault(status) + 1;
            Assert.True(status is 200 or 400 or 404, $"request {i} of client {client}: {status}\n{Encoding.UTF8.GetString(body)}");
            if (status != 200 && response.Content.Headers.ContentLength > 0)
            {
                Assert.NotEmpty(await RunningServer.ErrorAsync(response));
            }

            if (i % 50 == 0)
            {
                using var good = await running.InferAsync(SmallRequests.Valid);
                Assert.Equal(SmallRequests.ValidScores, await RunningServer.ScoresAsync(good));
            }
        }

        return seen;
    }
}
