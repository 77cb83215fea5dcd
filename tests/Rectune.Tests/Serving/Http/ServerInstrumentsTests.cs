using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Rectune.Core.Domain;
using Rectune.Engine.Serving.Http;
using Xunit;

namespace Rectune.Tests.Serving.Http;

/// <summary>What reaches a collector, which here keeps the bytes of what it is sent.</summary>
public sealed class ServerInstrumentsTests
{
    private const string Caller = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task Serve_WithACollector_SendsMetricsAndTheCallersTrace()
    {
        var received = new ConcurrentQueue<(string Path, byte[] Body)>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var collector = builder.Build();
        collector.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.Enqueue((context.Request.Path.Value!, body.ToArray()));
        });
        await collector.StartAsync();
        await using (var running = await RunningServer.StartAsync(change: options => options with { Otlp = new Uri(collector.Urls.First()), Plan = new ServedPlan(RunningServer.Promise) }))
        {
            await SendAsync(running);
            running.Target.Refuses = Admission.QueueFull;
            await SendAsync(running);
        }

        // Stopping sends what is left.
        var metrics = Assert.Single(received, sent => sent.Path == "/v1/metrics").Body;
        var traces = Assert.Single(received, sent => sent.Path == "/v1/traces").Body;
        foreach (var name in new[] { "rectune.queries", "rectune.query.duration", "rectune.sla.misses", "rectune.goodput.queries", "refused" })
        {
            Assert.True(Contains(metrics, Encoding.ASCII.GetBytes(name)), name);
        }

        Assert.True(Contains(traces, Convert.FromHexString(Caller)));
        Assert.True(Contains(traces, Encoding.ASCII.GetBytes("the queue is full")));
    }

    [Fact]
    public async Task Serve_CollectorIsGone_AnswersAllTheSame()
    {
        await using var running = await RunningServer.StartAsync(change: options => options with { Otlp = new Uri("http://127.0.0.1:9") });

        Assert.Equal(SmallRequests.ValidScores, await RunningServer.ScoresAsync(await running.InferAsync(SmallRequests.Valid)));
        Assert.Empty(running.Faults);
    }

    private static async Task SendAsync(RunningServer running)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/v2/models/small/infer") { Content = new StringContent(SmallRequests.Valid) };
        message.Headers.Add("traceparent", $"00-{Caller}-b7ad6b7169203331-01");
        (await running.SendAsync(message)).Dispose();
    }

    private static bool Contains(byte[] body, byte[] part) => body.AsSpan().IndexOf(part) >= 0;
}
