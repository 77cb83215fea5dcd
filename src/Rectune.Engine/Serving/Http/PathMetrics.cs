using System.Text;
using Rectune.Core.Domain;

namespace Rectune.Engine.Serving.Http;

/// <summary>The part of <see cref="MetricsPage"/> that tells the paths of a plan apart.</summary>
internal static class PathMetrics
{
    /// <summary>Nothing where there are none.</summary>
    public static void Write(StringBuilder page, IReadOnlyList<(string Path, PathUse Use)> paths)
    {
        if (paths.Count == 0)
        {
            return;
        }

        Counters(page, paths);
        var (batches, runs, queries) = ("rectune_path_batch_samples", "rectune_path_run_duration_seconds", "rectune_path_query_duration_seconds");
        MetricsPage.Family(page, batches, "histogram", "Runs by their samples.");
        foreach (var (path, use) in paths)
        {
            Histogram(page, batches, path, use.RunsByBatch, i => i < use.RunsByBatch.Count - 1 ? 1 << i : double.PositiveInfinity, use.Samples);
        }

        MetricsPage.Family(page, runs, "histogram", "What runs of each path took.");
        foreach (var (path, use) in paths)
        {
            Histogram(page, runs, path, use.RunTimes.Counts, Seconds, use.RunTimes.SumSeconds);
        }

        MetricsPage.Family(page, queries, "histogram", "Answered queries by the path that their last part ran on, from submission to the end of that run: without reading the request and writing the answer.");
        foreach (var (path, use) in paths)
        {
            Histogram(page, queries, path, use.QueryTimes.Counts, Seconds, use.QueryTimes.SumSeconds);
        }

        if (paths.All(path => path.Use.Drift is not null))
        {
            Drift(page, paths);
        }
    }

    private static void Counters(StringBuilder page, IReadOnlyList<(string Path, PathUse Use)> paths)
    {
        Each("rectune_path_runs_total", "counter", "Runs of each path that did not fail.", use => use.Runs);
        Each("rectune_path_failed_runs_total", "counter", "Runs of each path that failed.", use => use.FailedRuns);
        Each("rectune_path_samples_total", "counter", "Samples scored by each path.", use => use.Samples);
        Each("rectune_path_queries_total", "counter", "Answered queries by the path that their last part ran on.", use => use.Queries);
        Each("rectune_path_goodput_queries_total", "counter", "Those answered within the plan's limit, from submission to the end of the last run.", use => use.GoodQueries);
        Each("rectune_path_sla_misses_total", "counter", "Queries answered beyond the plan's limit, or failed, by the path that their last part ran on; who is turned away has no path.", use => use.Misses);
        Each("rectune_path_waiting_parts", "gauge", "Parts of queries that wait for the path's device; paths of one device share its line.", use => use.WaitingParts);
        Each("rectune_path_cache_lookups_total", "counter", "Ids looked up in the path's caches of vectors.", use => use.CacheLookups);
        Each("rectune_path_cache_hits_total", "counter", "Those whose vector was in the cache.", use => use.CacheHits);

        void Each(string name, string type, string help, Func<PathUse, double> value)
        {
            MetricsPage.Family(page, name, type, help);
            foreach (var (path, use) in paths)
            {
                MetricsPage.Sample(page, name, $"{{path=\"{MetricsPage.Escape(path)}\"}}", value(use));
            }
        }
    }

    private static void Drift(StringBuilder page, IReadOnlyList<(string Path, PathUse Use)> paths)
    {
        const string Ratio = "rectune_path_service_time_ratio";
        const string Bound = "rectune_path_service_time_ratio_bound";
        const string State = "rectune_path_drift";
        MetricsPage.Family(page, Ratio, "gauge", "Median of what runs took over what the plan explains, over those of the last full window that followed another on their instance: after a pause caches are cold.");
        foreach (var (path, use) in paths)
        {
            if (use.Drift!.Ratio is { } ratio)
            {
                MetricsPage.Sample(page, Ratio, $"{{path=\"{MetricsPage.Escape(path)}\"}}", Math.Round(ratio, 4));
            }
        }

        MetricsPage.Family(page, Bound, "gauge", "Ends of the plan's interval of that ratio.");
        foreach (var (path, use) in paths)
        {
            MetricsPage.Sample(page, Bound, $"{{path=\"{MetricsPage.Escape(path)}\",end=\"low\"}}", Math.Round(use.Drift!.Low, 4));
            MetricsPage.Sample(page, Bound, $"{{path=\"{MetricsPage.Escape(path)}\",end=\"high\"}}", Math.Round(use.Drift.High, 4));
        }

        MetricsPage.Family(page, State, "gauge", "1 while service times have been slower, or faster, than the plan's interval for long.");
        foreach (var (path, use) in paths)
        {
            foreach (var state in new[] { DriftState.Slower, DriftState.Faster })
            {
                MetricsPage.Sample(page, State, $"{{path=\"{MetricsPage.Escape(path)}\",direction=\"{ServedDrift.NameOf(state)}\"}}", use.Drift!.State == state ? 1 : 0);
            }
        }
    }

    private static double Seconds(int bucket) => bucket < LatencyHistogram.BoundsSeconds.Length ? LatencyHistogram.BoundsSeconds[bucket] : double.PositiveInfinity;

    private static void Histogram(StringBuilder page, string name, string path, IReadOnlyList<long> counts, Func<int, double> upper, double sum)
    {
        var label = $"path=\"{MetricsPage.Escape(path)}\"";
        long total = 0;
        for (var i = 0; i < counts.Count; i++)
        {
            total += counts[i];
            var bound = upper(i);
            MetricsPage.Sample(page, $"{name}_bucket", $"{{{label},le=\"{(double.IsFinite(bound) ? MetricsPage.Number(bound) : "+Inf")}\"}}", total);
        }

        MetricsPage.Sample(page, $"{name}_sum", $"{{{label}}}", sum);
        MetricsPage.Sample(page, $"{name}_count", $"{{{label}}}", total);
    }
}
