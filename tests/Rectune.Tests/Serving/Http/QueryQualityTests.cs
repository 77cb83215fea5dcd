using System.Net;
using Rectune.Core.Domain;
using Rectune.Engine.Serving.Http;
using Xunit;

namespace Rectune.Tests.Serving.Http;

/// <summary>A request's own floor of quality, through a real socket.</summary>
public sealed class QueryQualityTests
{
    private static readonly ServedPromise KnownPromise = RunningServer.Promise with
    {
        BestQuality = new Quality { Metric = "accuracy", Value = 0.7889, Source = Provenance.Published, Where = "made up" },
    };

    [Theory]
    [InlineData("", null)]
    [InlineData(""" "parameters":{"quality_min":0.789,"timeout":50000},""", 0.789)]
    public async Task Infer_QualityMin_IsWhatTheQueryAsksFor(string parameters, double? expected)
    {
        await using var running = await RunningServer.StartAsync();

        var response = await running.InferAsync(With(parameters));

        Assert.Equal(SmallRequests.ValidScores, await RunningServer.ScoresAsync(response));
        Assert.Equal(expected, running.Target.LastTerms!.Value.QualityMin);
    }

    [Fact]
    public async Task Infer_QualityMinOfTheWrongKind_Is400WithThePlace()
    {
        await using var running = await RunningServer.StartAsync();

        var response = await running.InferAsync(With(""" "parameters":{"quality_min":"good"},"""));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("parameters.quality_min: found a string, expected a finite number, the least quality in the plan's metric", await RunningServer.ErrorAsync(response));
        Assert.Null(running.Target.LastTerms);
    }

    [Theory]
    [InlineData(true, "parameters.quality_min: found 0.95, expected at most 0.7889, the accuracy of the plan's best path")]
    [InlineData(false, "parameters.quality_min: found 0.95, expected none: how good the plan's paths answer is not known")]
    public async Task Infer_NoPathIsSoGood_Is400AndSaysWhatIsServed(bool known, string expected)
    {
        await using var running = await RunningServer.StartAsync(change: options => options with { Plan = new ServedPlan(known ? KnownPromise : RunningServer.Promise) });
        running.Target.Refuses = Admission.NoSuchQuality;

        var response = await running.InferAsync(With(""" "parameters":{"quality_min":0.95},"""));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null(response.Headers.RetryAfter);
        Assert.Equal(expected, await RunningServer.ErrorAsync(response));
        await running.CountedAsync(1, QueryOutcome.Unattainable);
        Assert.Contains("rectune_queries_total{outcome=\"unattainable\"} 1", await running.GetStringAsync("/metrics"), StringComparison.Ordinal);

        // The client's doing says nothing of whether the plan's promise is kept.
        Assert.Equal(0, running.Metrics.Misses);
        Assert.Equal(HttpStatusCode.OK, (await running.GetAsync("/v2/health/ready")).StatusCode);
    }

    private static string With(string parameters) => SmallRequests.Valid.Replace("{\"id\"", $"{{{parameters}\"id\"", StringComparison.Ordinal);
}
