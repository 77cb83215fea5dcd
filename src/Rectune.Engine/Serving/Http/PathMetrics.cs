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

        Counts(page, paths);
        var (batches, runs, queries) = ("rectune_path_batch_samples", "rectune_path_run_duration_seconds", "rectune_path_query_duration_seconds");
        MetricsPage.Family(page, batches, "histogram", "Runs by their samples.");
        foreach (var (path, use) in paths)
        {
            MetricsPage.Histogram(page, batches, Labels(path), use.RunsByBatch, i => i < use.RunsByBatch.Count - 1 ? 1 << i : double.PositiveInfinity, use.Samples);
        }

        MetricsPage.Family(page, runs, "histogram", "What runs of each path took.");
        foreach (var (path, use) in paths)
        {
            MetricsPage.Histogram(page, runs, Labels(path), use.RunTimes.Counts, DurationBuckets.UpperSeconds, use.RunTimes.SumSeconds);
        }

        MetricsPage.Family(page, queries, "histogram", "Answered queries by the path that their last part ran on, from submission to the end of that run: without reading the request and writing the answer.");
        foreach (var (path, use) in paths)
        {
            MetricsPage.Histogram(page, queries, Labels(path), use.QueryTimes.Counts, DurationBuckets.UpperSeconds, use.QueryTimes.SumSeconds);
        }

        if (paths.All(path => path.Use.Drift is not null))
        {
            Drift(page, paths);
        }
    }

    private static void Counts(StringBuilder page, IReadOnlyList<(string Path, PathUse Use)> paths)
    {
        foreach (var counter in PathCounter.All)
        {
            Each(counter.PageName, "counter", counter.Help, counter.Of);
        }

        Each("rectune_path_waiting_parts", "gauge", "Parts of queries that wait for the path's device; paths of one device share its line.", use => use.WaitingParts);

        void Each(string name, string type, string help, Func<PathUse, long> value)
        {
            MetricsPage.Family(page, name, type, help);
            foreach (var (path, use) in paths)
            {
                MetricsPage.Sample(page, name, $"{{{Labels(path)}}}", value(use));
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
                MetricsPage.Sample(page, Ratio, $"{{{Labels(path)}}}", Math.Round(ratio, 4));
            }
        }

        MetricsPage.Family(page, Bound, "gauge", "Ends of the plan's interval of that ratio.");
        foreach (var (path, use) in paths)
        {
            MetricsPage.Sample(page, Bound, $"{{{Labels(path)},end=\"low\"}}", Math.Round(use.Drift!.Low, 4));
            MetricsPage.Sample(page, Bound, $"{{{Labels(path)},end=\"high\"}}", Math.Round(use.Drift.High, 4));
        }

        MetricsPage.Family(page, State, "gauge", "1 while service times have been slower, or faster, than the plan's interval for long.");
        foreach (var (path, use) in paths)
        {
            foreach (var state in new[] { DriftState.Slower, DriftState.Faster })
            {
                MetricsPage.Sample(page, State, $"{{{Labels(path)},direction=\"{ServedDrift.NameOf(state)}\"}}", use.Drift!.State == state ? 1 : 0);
            }
        }
    }

    private static string Labels(string path) => $"path=\"{MetricsPage.Escape(path)}\"";
}
