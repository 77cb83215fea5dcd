using System.Globalization;
using System.Text;

namespace Rectune.Engine.Serving.Http;

/// <summary>
/// Writes <see cref="ServerMetrics"/> in the Prometheus text format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format).
/// </summary>
public sealed class MetricsPage(HttpServerOptions options, string version, ServerMetrics metrics, DrainGate gate)
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly string info =
        $"{{version=\"{Escape(version)}\",model=\"{Escape(options.ModelName)}\",model_version=\"{Escape(options.ModelVersion)}\"}}";

    public string Write()
    {
        var page = new StringBuilder(8192);
        Family(page, "rectune_info", "gauge", "Version and model served.");
        Sample(page, "rectune_info", info, 1);
        Family(page, "rectune_queries_total", "counter", "Inference requests by how they ended.");
        foreach (var outcome in Enum.GetValues<QueryOutcome>())
        {
            Sample(page, "rectune_queries_total", $"{{outcome=\"{outcome.ToString().ToLowerInvariant()}\"}}", metrics.Queries(outcome));
        }

        Single(page, "rectune_samples_total", "counter", "Samples scored in answered queries.", metrics.Samples);
        Single(
            page, "rectune_queries_refused_total", "counter", "Inference requests turned away, the queue being full, too much lying ahead of them, or the server draining.",
            metrics.Queries(QueryOutcome.Refused) + metrics.Queries(QueryOutcome.Late) + metrics.Queries(QueryOutcome.Draining));
        WriteHistogram(page);
        Single(page, "rectune_queries_in_flight", "gauge", "Inference requests being read, scored or answered.", gate.InFlight);
        Single(page, "rectune_draining", "gauge", "1 while the server answers what it has and takes nothing new.", gate.IsClosed ? 1 : 0);
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

    private static string Escape(string label) => label
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    private static void Family(StringBuilder page, string name, string type, string help) =>
        page.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n').Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private static void Sample(StringBuilder page, string name, string labels, double value) =>
        page.Append(name).Append(labels).Append(' ').Append(Number(value)).Append('\n');

    private static void Single(StringBuilder page, string name, string type, string help, double value)
    {
        Family(page, name, type, help);
        Sample(page, name, "", value);
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private void WriteHistogram(StringBuilder page)
    {
        const string name = "rectune_answered_query_duration_seconds";
        Family(page, name, "histogram", "Answered queries only, from the body read to the answer handed to the connection.");
        var bounds = LatencyHistogram.BoundsSeconds;
        long total = 0;
        for (var i = 0; i <= bounds.Length; i++)
        {
            total += metrics.AnsweredLatency.Count(i);
            Sample(page, $"{name}_bucket", $"{{le=\"{(i < bounds.Length ? Number(bounds[i]) : "+Inf")}\"}}", total);
        }

        Sample(page, $"{name}_sum", "", metrics.AnsweredLatency.SumSeconds);
        Sample(page, $"{name}_count", "", total);
    }
}
