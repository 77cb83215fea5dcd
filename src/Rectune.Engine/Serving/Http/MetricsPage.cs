using System.Globalization;
using System.Text;
using Rectune.Core.Domain;

namespace Rectune.Engine.Serving.Http;

/// <summary>
/// Writes <see cref="ServerMetrics"/> in the Prometheus text format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format).
/// </summary>
internal sealed class MetricsPage(HttpServerOptions options, string version, ServerWatch watch)
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly string info =
        $"{{version=\"{Escape(version)}\",model=\"{Escape(options.ModelName)}\",model_version=\"{Escape(options.ModelVersion)}\"}}";

    private ServerMetrics Metrics => watch.Metrics;

    public string Write()
    {
        var page = new StringBuilder(8192);
        Family(page, "rectune_info", "gauge", "Version and model served.");
        Sample(page, "rectune_info", info, 1);
        Family(page, "rectune_queries_total", "counter", "Inference requests by how they ended.");
        foreach (var outcome in Enum.GetValues<QueryOutcome>())
        {
            Sample(page, "rectune_queries_total", $"{{outcome=\"{outcome.ToString().ToLowerInvariant()}\"}}", Metrics.Queries(outcome));
        }

        Single(page, "rectune_samples_total", "counter", "Samples scored in answered queries.", Metrics.Samples);
        Single(
            page, "rectune_queries_refused_total", "counter", "Inference requests turned away: the outcomes refused, late, expired and draining of rectune_queries_total together.",
            Metrics.Queries(QueryOutcome.Refused) + Metrics.Queries(QueryOutcome.Late) + Metrics.Queries(QueryOutcome.Expired) + Metrics.Queries(QueryOutcome.Draining));
        WriteHistogram(page);
        WritePromise(page);
        Single(page, "rectune_queries_in_flight", "gauge", "Inference requests being read, scored or answered.", watch.InFlight);
        Single(page, "rectune_queue_queries", "gauge", "Queries waiting or running.", watch.Inside);
        Single(page, "rectune_instances_replaced_total", "counter", "Instances that failed and were loaded anew.", watch.InstancesReplaced);
        Single(page, "rectune_connections", "gauge", "Connections open.", watch.Connections);
        Single(page, "rectune_connections_limit", "gauge", "Connections that may be open at once.", options.Limits.MaxConnections);
        var readiness = watch.CurrentReadiness();
        Single(page, "rectune_draining", "gauge", "1 while the server answers what it has and takes nothing new.", readiness == Readiness.Draining ? 1 : 0);
        Single(page, "rectune_overloaded", "gauge", "1 while the server turns away so much that it says it is not ready.", readiness == Readiness.Overloaded ? 1 : 0);
        if (options.Log is not null)
        {
            Single(page, "rectune_log_lines_lost_total", "counter", "Lines of the log that could not be written.", options.Log.Lost);
        }

        WriteTableMemory(page);
        Single(page, "process_resident_memory_bytes", "gauge", "Resident memory of the process.", Environment.WorkingSet);
        Single(page, "process_cpu_seconds_total", "counter", "Processor time used by the process.", Environment.CpuUsage.TotalTime.TotalSeconds);
        Single(page, "dotnet_gc_heap_bytes", "gauge", "Managed memory in use.", GC.GetTotalMemory(forceFullCollection: false));
        Family(page, "dotnet_gc_collections_total", "counter", "Garbage collections by generation, counted in the lower ones too.");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            Sample(page, "dotnet_gc_collections_total", $"{{generation=\"{generation}\"}}", GC.CollectionCount(generation));
        }

        return page.ToString();
    }

    internal static string Escape(string label) => label
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    internal static void Family(StringBuilder page, string name, string type, string help) =>
        page.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n').Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    internal static void Sample(StringBuilder page, string name, string labels, double value) =>
        page.Append(name).Append(labels).Append(' ').Append(Number(value)).Append('\n');

    private static void Single(StringBuilder page, string name, string type, string help, double value)
    {
        Family(page, name, type, help);
        Sample(page, name, "", value);
    }

    internal static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The limit is the plan's; without a plan every answered query is a good one and none misses.</summary>
    private void WritePromise(StringBuilder page)
    {
        Single(page, "rectune_goodput_queries_total", "counter", "Queries answered within the plan's limit, to the end of the response.", Metrics.GoodQueries);
        Single(page, "rectune_goodput_samples_total", "counter", "Samples of queries answered within the plan's limit.", Metrics.GoodSamples);
        Single(page, "rectune_sla_misses_total", "counter", "Queries answered beyond the plan's limit, turned away, or failed.", Metrics.Misses);
        if (watch.Served() is not ({ } promise, var paths))
        {
            return;
        }

        Family(page, "rectune_plan_info", "gauge", "The paths that answer and what the plan's promise was found to be.");
        Sample(page, "rectune_plan_info", $"{{path=\"{Escape(promise.PathId)}\",verdict=\"{promise.Verdict.Name()}\"}}", 1);
        PathMetrics.Write(page, paths);
        Single(page, "rectune_promise_queries_per_second", "gauge", "Rate that the plan promises to hold.", promise.Qps);
        Single(page, "rectune_sla_limit_seconds", "gauge", "Latency that the promised percentile stays within.", promise.Sla.LimitMs / 1e3);
        Single(page, "rectune_sla_allowed_miss_ratio", "gauge", "Share of queries that may miss the limit.", Math.Round(promise.Sla.AllowedShare(), 6));
        Single(page, "rectune_queue_limit", "gauge", "Most queries waiting or running.", promise.QueueLimit);
    }

    private void WriteTableMemory(StringBuilder page)
    {
        if (options.TableMemory?.Current is not { } use)
        {
            return;
        }

        Single(page, "rectune_table_bytes", "gauge", "Tables in memory of the process; mapped files are not among them.", use.Bytes);
        if (use.HugePageBytes is { } huge)
        {
            Single(page, "rectune_table_huge_page_bytes", "gauge", "Bytes of rectune_table_bytes that lie in huge pages, at most a minute ago.", huge);
        }
    }

    private void WriteHistogram(StringBuilder page)
    {
        const string name = "rectune_answered_query_duration_seconds";
        Family(page, name, "histogram", "Answered queries only, from the body read to the answer handed to the connection.");
        var counted = Metrics.AnsweredLatency.Counts();
        Histogram(page, name, "", counted.Counts, DurationBuckets.UpperSeconds, counted.SumSeconds);
    }

    /// <param name="labels">Of every sample, such as <c>path="a"</c>; empty for none.</param>
    /// <param name="counts">Of each bucket alone.</param>
    /// <param name="upper">Upper bound of a bucket; infinite for the last.</param>
    internal static void Histogram(StringBuilder page, string name, string labels, IReadOnlyList<long> counts, Func<int, double> upper, double sum)
    {
        var (first, all) = labels.Length == 0 ? ("", "") : ($"{labels},", $"{{{labels}}}");
        long total = 0;
        for (var i = 0; i < counts.Count; i++)
        {
            total += counts[i];
            var bound = upper(i);
            Sample(page, $"{name}_bucket", $"{{{first}le=\"{(double.IsFinite(bound) ? Number(bound) : "+Inf")}\"}}", total);
        }

        Sample(page, $"{name}_sum", all, sum);
        Sample(page, $"{name}_count", all, total);
    }
}
