using Rectune.Core.Domain;
using System.Globalization;
using System.Text.RegularExpressions;
using Rectune.Engine.Serving.Http;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving.Http;

public sealed partial class MetricsPageTests
{
    private const string Histogram = "rectune_answered_query_duration_seconds";

    [Fact]
    public async Task Metrics_EveryLine_IsThePrometheusTextFormat()
    {
        await using var running = await RunningServer.StartAsync();
        await running.InferAsync(SmallRequests.Valid);

        var response = await running.GetAsync("/metrics");

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.EndsWith("\n", page, StringComparison.Ordinal);
        var typed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in page.TrimEnd('\n').Split('\n'))
        {
            if (TypeLine().Match(line) is { Success: true } type)
            {
                Assert.True(typed.TryAdd(type.Groups[1].Value, type.Groups[2].Value), line);
                continue;
            }

            if (HelpLine().IsMatch(line))
            {
                continue;
            }

            var sample = SampleLine().Match(line);
            Assert.True(sample.Success, line);
            var name = sample.Groups[1].Value;
            var family = typed.ContainsKey(name) ? name : Regex.Replace(name, "_(bucket|sum|count)$", "");
            Assert.True(typed.ContainsKey(family), line);
            Assert.True(typed[family] != "counter" || family.EndsWith("_total", StringComparison.Ordinal), line);
        }
    }

    [Fact]
    public async Task Metrics_AfterQueries_CountsThem()
    {
        await using var running = await RunningServer.StartAsync();
        await running.InferAsync(SmallRequests.Valid);
        await running.InferAsync(SmallRequests.Valid);
        await running.InferAsync("{}");
        running.Target.Refuses = Admission.QueueFull;
        await running.InferAsync(SmallRequests.Valid);

        await running.CountedAsync(2, QueryOutcome.Answered);
        await running.CountedAsync(1, QueryOutcome.Invalid);
        await running.CountedAsync(1, QueryOutcome.Refused);
        var samples = Samples(await running.GetStringAsync("/metrics"));

        Assert.Equal(2, samples["rectune_queries_total{outcome=\"answered\"}"]);
        Assert.Equal(1, samples["rectune_queries_total{outcome=\"invalid\"}"]);
        Assert.Equal(1, samples["rectune_queries_total{outcome=\"refused\"}"]);
        Assert.Equal(0, samples["rectune_queries_total{outcome=\"failed\"}"]);
        Assert.Equal(4, samples["rectune_samples_total"]);
        Assert.Equal(1, samples["rectune_queries_refused_total"]);
        Assert.Equal(0, samples["rectune_queries_in_flight"]);
        Assert.Equal(0, samples["rectune_draining"]);
        Assert.Equal(1, samples["rectune_info{version=\"0.1.0\",model=\"small\",model_version=\"1\"}"]);
        Assert.True(samples["process_resident_memory_bytes"] > 1e6);
        Assert.True(samples["dotnet_gc_collections_total{generation=\"0\"}"] >= samples["dotnet_gc_collections_total{generation=\"2\"}"]);
        Assert.Equal(2, samples[$"{Histogram}_count"]);
        Assert.True(samples[$"{Histogram}_sum"] > 0);
    }

    [Fact]
    public void Write_RecordedDurations_AreCumulatedInTheirBuckets()
    {
        var metrics = new ServerMetrics();
        TimeSpan[] durations = [TimeSpan.FromMicroseconds(100), TimeSpan.FromMicroseconds(101), TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(11)];
        foreach (var duration in durations)
        {
            metrics.Answered(1, duration);
        }

        var page = Page(RunningServer.Options with { ModelName = "a\"b\\c\nd" }, metrics);

        var samples = Samples(page);
        Assert.Equal(1, samples[$"{Histogram}_bucket{{le=\"0.0001\"}}"]);
        Assert.Equal(2, samples[$"{Histogram}_bucket{{le=\"0.00025\"}}"]);
        Assert.Equal(2, samples[$"{Histogram}_bucket{{le=\"0.015\"}}"]);
        Assert.Equal(3, samples[$"{Histogram}_bucket{{le=\"0.02\"}}"]);
        Assert.Equal(3, samples[$"{Histogram}_bucket{{le=\"10\"}}"]);
        Assert.Equal(4, samples[$"{Histogram}_bucket{{le=\"+Inf\"}}"]);
        Assert.Equal(4, samples[$"{Histogram}_count"]);
        Assert.Equal(11.020201, samples[$"{Histogram}_sum"], 1e-9);
        var buckets = samples.Where(s => s.Key.StartsWith($"{Histogram}_bucket", StringComparison.Ordinal)).Select(s => s.Value).ToArray();
        Assert.Equal(buckets.Order(), buckets);
        Assert.Contains("""model="a\"b\\c\nd",""", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_PlanWithALimit_CountsGoodQueriesAndMisses()
    {
        var metrics = new ServerMetrics();
        metrics.Answered(3, TimeSpan.FromMilliseconds(19));
        metrics.Answered(5, TimeSpan.FromMilliseconds(21), withinLimit: false);
        foreach (var outcome in Enum.GetValues<QueryOutcome>())
        {
            metrics.Ended(outcome);
        }

        var samples = Samples(Page(RunningServer.Options with { Plan = new ServedPlan(RunningServer.Promise) }, metrics));

        Assert.Equal(1, samples["rectune_goodput_queries_total"]);
        Assert.Equal(3, samples["rectune_goodput_samples_total"]);

        // Slow, refused, late, draining and failed; neither what was at fault itself, nor what gave itself less time than the plan, nor what was abandoned.
        Assert.Equal(5, samples["rectune_sla_misses_total"]);
        Assert.Equal(0.02, samples["rectune_sla_limit_seconds"]);
        Assert.Equal(0.01, samples["rectune_sla_allowed_miss_ratio"]);
        Assert.Equal(1000, samples["rectune_promise_queries_per_second"]);
        Assert.Equal(8, samples["rectune_queue_limit"]);
        Assert.Equal(1, samples["rectune_plan_info{path=\"p0 + p1\",verdict=\"met\"}"]);
        Assert.Equal(0, samples["rectune_overloaded"]);
    }

    [Fact]
    public async Task Metrics_SeveralPaths_TellsTheSamplesOfEach()
    {
        await using var running = await RunningServer.StartAsync(change: options => options with { Plan = new ServedPlan(RunningServer.Promise) });
        Assert.DoesNotContain("rectune_path_samples_total", await running.GetStringAsync("/metrics"), StringComparison.Ordinal);

        running.Target.Uses = [Uses.Of(30), Uses.Of(12)];

        var samples = Samples(await running.GetStringAsync("/metrics"));
        Assert.Equal(30, samples["rectune_path_samples_total{path=\"p0\"}"]);
        Assert.Equal(12, samples["rectune_path_samples_total{path=\"p1\"}"]);
        Assert.Contains("""
            "paths":[{"path":"p0","samples":30,"runs":30,"queries":30,"misses":1},{"path":"p1","samples":12,"runs":12,"queries":12,"misses":1}]
            """, await running.GetStringAsync("/v2/live"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_UseOfPaths_IsTheNumbersByHandInTheTextFormat()
    {
        await using var running = await RunningServer.StartAsync(change: options => options with { Plan = new ServedPlan(RunningServer.Promise) });
        var use = Uses.Of(4, Uses.Drift(DriftState.Slower, 1.5)) with { RunsByBatch = [1, 0, 2, .. new long[PathUse.BatchGroups - 4], 1], CacheLookups = 90, CacheHits = 60, WaitingParts = 3, FailedRuns = 2 };
        running.Target.Uses = [use, use with { Drift = Uses.Drift(DriftState.Unjudged, null) }];

        var page = await running.GetStringAsync("/metrics");

        Assert.All(page.TrimEnd('\n').Split('\n'), line => Assert.True(TypeLine().IsMatch(line) || HelpLine().IsMatch(line) || SampleLine().IsMatch(line), line));
        var samples = Samples(page);
        Assert.Equal(4, samples["rectune_path_runs_total{path=\"p0\"}"]);
        Assert.Equal(2, samples["rectune_path_failed_runs_total{path=\"p0\"}"]);
        Assert.Equal(4, samples["rectune_path_queries_total{path=\"p0\"}"]);
        Assert.Equal(3, samples["rectune_path_goodput_queries_total{path=\"p0\"}"]);
        Assert.Equal(1, samples["rectune_path_sla_misses_total{path=\"p0\"}"]);
        Assert.Equal(3, samples["rectune_path_waiting_parts{path=\"p0\"}"]);
        Assert.Equal(90, samples["rectune_path_cache_lookups_total{path=\"p0\"}"]);
        Assert.Equal(60, samples["rectune_path_cache_hits_total{path=\"p0\"}"]);

        // One run of one sample, two of three or four, one of more than all bounds.
        Assert.Equal(1, samples["rectune_path_batch_samples_bucket{path=\"p0\",le=\"1\"}"]);
        Assert.Equal(1, samples["rectune_path_batch_samples_bucket{path=\"p0\",le=\"2\"}"]);
        Assert.Equal(3, samples["rectune_path_batch_samples_bucket{path=\"p0\",le=\"4\"}"]);
        Assert.Equal(3, samples["rectune_path_batch_samples_bucket{path=\"p0\",le=\"2048\"}"]);
        Assert.Equal(4, samples["rectune_path_batch_samples_bucket{path=\"p0\",le=\"+Inf\"}"]);
        Assert.Equal(4, samples["rectune_path_run_duration_seconds_count{path=\"p0\"}"]);
        Assert.Equal(4e-6, samples["rectune_path_query_duration_seconds_sum{path=\"p0\"}"], 1e-12);
        Assert.Equal(1.5, samples["rectune_path_service_time_ratio{path=\"p0\"}"]);
        Assert.Equal(0.8, samples["rectune_path_service_time_ratio_bound{path=\"p0\",end=\"low\"}"]);
        Assert.Equal(1.25, samples["rectune_path_service_time_ratio_bound{path=\"p0\",end=\"high\"}"]);
        Assert.Equal(1, samples["rectune_path_drift{path=\"p0\",direction=\"slower\"}"]);
        Assert.Equal(0, samples["rectune_path_drift{path=\"p0\",direction=\"faster\"}"]);
        Assert.Equal(0, samples["rectune_path_drift{path=\"p1\",direction=\"slower\"}"]);
        Assert.DoesNotContain("rectune_path_service_time_ratio{path=\"p1\"}", samples.Keys);
        Assert.Contains("""
            "serviceTimes":{"state":"slower","ratio":1.5,"low":0.8,"high":1.25,"forS":30}
            """, await running.GetStringAsync("/v2/live"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_TableMemoryIsOld_IsMeasuredBetweenRequestsAndNeverByOne()
    {
        var (measured, clock) = (0, new AlarmClock());
        var watch = new TableMemoryWatch(() => new TableMemoryUse { Bytes = 5_000 + measured++ }, clock);
        await using var running = await RunningServer.StartAsync(change: options => options with { TableMemory = watch, Clock = clock });
        Assert.DoesNotContain("rectune_table_bytes", await running.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.Equal(0, measured);
        clock.Advance(1);
        Assert.Equal(5_000, Samples(await running.GetStringAsync("/metrics"))["rectune_table_bytes"]);
        clock.Advance(30);
        Assert.Equal(1, measured);
        clock.Advance(30);
        Assert.Equal(2, measured);
        Assert.Equal(5_001, Samples(await running.GetStringAsync("/metrics"))["rectune_table_bytes"]);
        Assert.Equal(2, measured);
    }

    [Theory]
    [InlineData(3_000L)]
    [InlineData(null)]
    public void Write_TableMemory_IsMeasuredAndLeftOutWhereTheSystemDoesNotTell(long? huge)
    {
        var (measured, clock) = (0, StillClock.AtNewYear());
        var watch = new TableMemoryWatch(() => new TableMemoryUse { Bytes = 5_000 + measured++, HugePageBytes = huge }, clock);
        var options = RunningServer.Options with { TableMemory = watch };
        Assert.DoesNotContain("rectune_table", Page(options, new ServerMetrics()), StringComparison.Ordinal);
        watch.Refresh();

        var samples = Samples(Page(options, new ServerMetrics()));
        Assert.Equal(5_000, samples["rectune_table_bytes"]);
        Assert.Equal(huge, samples.TryGetValue("rectune_table_huge_page_bytes", out var bytes) ? (long)bytes : null);

        clock.Advance(59);
        watch.Refresh();
        Assert.Equal(5_000, watch.Current!.Bytes);
        clock.Advance(1.5);
        Assert.Equal(5_000, watch.Current.Bytes);
        watch.Refresh();
        Assert.Equal(5_001, watch.Current.Bytes);
        Assert.DoesNotContain("rectune_table", Page(RunningServer.Options, new ServerMetrics()), StringComparison.Ordinal);
    }

    [Fact]
    public void Forget_OtherTablesAreServed_NothingIsToldUntilTheyAreMeasured()
    {
        var (bytes, clock) = (5_000, StillClock.AtNewYear());
        var watch = new TableMemoryWatch(() => new TableMemoryUse { Bytes = bytes }, clock);
        var options = RunningServer.Options with { TableMemory = watch };
        watch.Refresh();
        bytes = 7_000;

        watch.Forget();
        Assert.DoesNotContain("rectune_table", Page(options, new ServerMetrics()), StringComparison.Ordinal);
        watch.Refresh();
        Assert.Equal(7_000, Samples(Page(options, new ServerMetrics()))["rectune_table_bytes"]);
    }

    private static string Page(HttpServerOptions options, ServerMetrics metrics)
    {
        using var target = new FormulaTarget();
        return new MetricsPage(options, "1", new ServerWatch(options, target, metrics, new DrainGate())).Write();
    }

    private static Dictionary<string, double> Samples(string page) => page.Split('\n')
        .Where(line => line.Length > 0 && line[0] != '#')
        .ToDictionary(line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    [GeneratedRegex("^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex("^# HELP [a-zA-Z_:][a-zA-Z0-9_:]* .+$")]
    private static partial Regex HelpLine();

    [GeneratedRegex("""^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_][a-zA-Z0-9_]*="(\\["\\n]|[^"\\\n])*"(,[a-zA-Z_][a-zA-Z0-9_]*="(\\["\\n]|[^"\\\n])*")*\})? ([+-]?([0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?|Inf)|NaN)$""")]
    private static partial Regex SampleLine();
}
