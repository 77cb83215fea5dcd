using Rectune.Core.Domain;

namespace Rectune.Engine.Serving.Http;

/// <summary>A count of each path that only grows, as the Prometheus page and a collector both tell it.</summary>
/// <param name="Name">As a collector has it; <see cref="PageName"/> follows from it.</param>
/// <param name="Unit">In the collector's notation.</param>
/// <param name="Help">What is counted.</param>
/// <param name="Of">The count.</param>
internal sealed record PathCounter(string Name, string Unit, string Help, Func<PathUse, long> Of)
{
    public static IReadOnlyList<PathCounter> All { get; } =
    [
        new("rectune.path.runs", "{run}", "Runs of each path that did not fail.", use => use.Runs),
        new("rectune.path.failed_runs", "{run}", "Runs of each path that failed.", use => use.FailedRuns),
        new("rectune.path.samples", "{sample}", "Samples scored by each path.", use => use.Samples),
        new("rectune.path.queries", "{query}", "Answered queries by the path that their last part ran on.", use => use.Queries),
        new("rectune.path.goodput.queries", "{query}", "Those answered within the plan's limit, from submission to the end of the last run.", use => use.GoodQueries),
        new("rectune.path.sla.misses", "{query}", "Queries answered beyond the plan's limit, or failed, by the path that their last part ran on; who is turned away has no path.", use => use.Misses),
        new("rectune.path.cache.lookups", "{id}", "Ids looked up in the path's caches of vectors.", use => use.CacheLookups),
        new("rectune.path.cache.hits", "{id}", "Those whose vector was in the cache.", use => use.CacheHits),
    ];

    public string PageName => $"{Name.Replace('.', '_')}_total";
}
