using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Engine.Serving.Http;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving.Http;

/// <summary>A server of the small card on a free port, with a client.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private RunningServer(HttpServer server, FormulaTarget target, ServerMetrics metrics, List<Exception> faults)
    {
        Server = server;
        Target = target;
        Metrics = metrics;
        Faults = faults;
        Client = new HttpClient { BaseAddress = server.Addresses[0], Timeout = TimeSpan.FromSeconds(30) };
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public HttpServer Server { get; }

    public FormulaTarget Target { get; }

    public ServerMetrics Metrics { get; }

    public List<Exception> Faults { get; }

    private HttpClient Client { get; }

    public static HttpServerOptions Options { get; } = new()
    {
        Urls = ["http://127.0.0.1:0"],
        ModelName = "small",
        Card = SmallRequests.Card,
        MaxBatchSamples = SmallRequests.MaxSamples,
    };

    /// <summary>1000 queries/s with p99 within 20 ms, at most 8 inside.</summary>
    public static ServedPromise Promise { get; } = new()
    {
        Paths = ["p0", "p1"],
        Sla = new Sla { Percentile = 99, LimitMs = 20 },
        Qps = 1000,
        Verdict = Verdict.Met,
        QueueLimit = 8,
    };

    /// <summary>An answer reaches the client before it is counted, so the count is waited for.</summary>
    public async Task CountedAsync(long expected, QueryOutcome outcome)
    {
        for (var i = 0; i < 1000 && Metrics.Queries(outcome) < expected; i++)
        {
            await Task.Delay(5);
        }

        Assert.Equal(expected, Metrics.Queries(outcome));
    }

    public static async Task<RunningServer> StartAsync(
        TimeSpan? drainTimeout = null, ModelCard? card = null, Func<HttpServerOptions, HttpServerOptions>? change = null)
    {
        var target = new FormulaTarget(new ModelSize(card ?? SmallRequests.Card).Outputs);
        var metrics = new ServerMetrics();
        var faults = new List<Exception>();
        var options = Options with { Card = card ?? SmallRequests.Card, OnFault = faults.Add, DrainTimeout = drainTimeout ?? TimeSpan.FromSeconds(20) };
        options = change?.Invoke(options) ?? options;
        return new RunningServer(await HttpServer.StartAsync(options, target, metrics, Cancellation), target, metrics, faults);
    }

    public static ByteArrayContent Content(byte[] body, int? jsonBytes = null)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (jsonBytes is not null)
        {
            content.Headers.Add("Inference-Header-Content-Length", $"{jsonBytes}");
        }

        return content;
    }

    public static async Task<float[]> ScoresAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(Cancellation));
        return [.. document.RootElement.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(v => v.GetSingle())];
    }

    /// <summary>The text of the protocol's error object, which must be all there is.</summary>
    public static async Task<string> ErrorAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(Cancellation));
        var member = Assert.Single(document.RootElement.EnumerateObject());
        Assert.Equal("error", member.Name);
        return member.Value.GetString()!;
    }

    /// <summary>Waits for something that another thread does.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 4000 && !condition(); i++)
        {
            await Task.Delay(5, Cancellation);
        }

        Assert.True(condition());
    }

    public Task<HttpResponseMessage> InferAsync(string json) => InferAsync(Encoding.UTF8.GetBytes(json));

    public Task<HttpResponseMessage> InferAsync(byte[] body, int? jsonBytes = null) =>
        PostAsync("/v2/models/small/infer", Content(body, jsonBytes));

    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(path, Cancellation);

    public Task<string> GetStringAsync(string path) => Client.GetStringAsync(path, Cancellation);

    public Task<byte[]> GetByteArrayAsync(string path) => Client.GetByteArrayAsync(path, Cancellation);

    public Task<HttpResponseMessage> PostAsync(string path, HttpContent content) => Client.PostAsync(path, content, Cancellation);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage message) => Client.SendAsync(message, Cancellation);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Target.Release();
        await Server.DisposeAsync();
        Target.Dispose();
    }
}
