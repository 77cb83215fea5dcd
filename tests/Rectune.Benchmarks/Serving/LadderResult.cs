using Newtonsoft.Json.Linq;

namespace Rectune.Benchmarks.Serving;

/// <summary>What <c>rectune bench</c> found of a server without being told a rate.</summary>
/// <param name="Certified">Whether the target was certified at <paramref name="Qps"/>; else it is the highest rate at which no more queries were over the limit than may be.</param>
/// <param name="Qps">Offered rate, queries a second; 0 where none was held.</param>
/// <param name="GoodputQps">Queries inside the limit a second at that rate.</param>
/// <param name="P99Ms">At that rate, over all queries; null where it is not known.</param>
/// <param name="BeyondQps">Lowest rate at which more queries were over the limit than may be.</param>
/// <param name="GeneratorLimited">There the load generator was the reason.</param>
internal sealed record LadderResult(bool Certified, double Qps, double GoodputQps, double? P99Ms, double? BeyondQps, bool GeneratorLimited)
{
    /// <param name="bench">What the command answered as JSON.</param>
    public static LadderResult Of(JObject bench)
    {
        var capacity = bench["capacity"]!;
        var allowed = 1 - (bench["sla"]!["percentile"]!.Value<double>() / 100);
        var held = capacity["heldQps"]?.Value<double?>();
        JToken[] rates = [.. bench["rates"]!.Where(rate => rate["measured"] is JObject)];
        var best = rates.LastOrDefault(rate => rate["offeredQps"]!.Value<double>() == held)
            ?? rates.Where(rate => Value(rate, "overLimitShare") <= allowed).MaxBy(rate => rate["offeredQps"]!.Value<double>());
        var (beyond, limited) = (capacity["beyondQps"]?.Value<double?>(), capacity["generatorLimited"]!.Value<bool>());
        return best is null
            ? new LadderResult(false, 0, 0, null, beyond, limited)
            : new LadderResult(held is not null, best["offeredQps"]!.Value<double>(), Value(best, "goodputQps")!.Value, Value(best, "p99Ms"), beyond, limited);
    }

    private static double? Value(JToken rate, string figure) => rate["measured"]![figure] is JObject estimate ? estimate["value"]!.Value<double>() : null;
}
