using System.Diagnostics.Metrics;
using Rectune.Core.Domain;

namespace Rectune.Engine.Serving.Http;

/// <summary>The metrics of <see cref="ServerInstruments"/> that tell the paths of a plan apart; read when they are sent.</summary>
internal static class PathInstruments
{
    public static void Create(Meter meter, ServerWatch watch)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(watch);
        Counter("rectune.path.samples", "{sample}", "Samples scored by each path.", use => use.Samples);
        Counter("rectune.path.runs", "{run}", "Runs of each path that did not fail.", use => use.Runs);
        Counter("rectune.path.failed_runs", "{run}", "Runs of each path that failed.", use => use.FailedRuns);
        Counter("rectune.path.queries", "{query}", "Answered queries by the path that their last part ran on.", use => use.Queries);
        Counter("rectune.path.goodput.queries", "{query}", "Those answered within the plan's limit, from submission to the end of the last run.", use => use.GoodQueries);
        Counter("rectune.path.sla.misses", "{query}", "Queries answered beyond the plan's limit, or failed, by the path that their last part ran on.", use => use.Misses);
        Counter("rectune.path.cache.lookups", "{id}", "Ids looked up in the path's caches of vectors.", use => use.CacheLookups);
        Counter("rectune.path.cache.hits", "{id}", "Those whose vector was in the cache.", use => use.CacheHits);
        meter.CreateObservableGauge(
            "rectune.path.service_time.ratio",
            () => watch.UseOfPaths().Where(of => of.Use.Drift?.Ratio is not null).Select(of => new Measurement<double>(of.Use.Drift!.Ratio!.Value, Path(of.Path))),
            "1",
            "Median of what runs took over what the plan explains, over those of the last full window that followed another on their instance.");
        meter.CreateObservableGauge(
            "rectune.path.drift",
            () => watch.UseOfPaths().Where(of => of.Use.Drift is not null).Select(of => new Measurement<int>(Direction(of.Use.Drift!.State), Path(of.Path))),
            "1",
            "1 while service times have been slower than the plan's interval for long, -1 while they have been faster.");

        void Counter(string name, string unit, string description, Func<PathUse, long> value) => meter.CreateObservableCounter(
            name, () => watch.UseOfPaths().Select(of => new Measurement<long>(value(of.Use), Path(of.Path))), unit, description);
    }

    private static int Direction(DriftState state) => state switch
    {
        DriftState.Slower => 1,
        DriftState.Faster => -1,
        _ => 0,
    };

    private static KeyValuePair<string, object?> Path(string path) => new("path", path);
}
