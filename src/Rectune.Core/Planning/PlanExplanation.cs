using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Core.Planning;

/// <summary>Why a plan is as it is: what binds, what a little more of it would buy, and which paths come close.</summary>
public sealed record PlanExplanation
{
    /// <summary>Share of the limit that a query without any load takes beyond which latency binds: less queueing than that is left to work with.</summary>
    private const double ServiceBinds = 0.5;

    /// <summary>Busy share of the instances from which throughput binds.</summary>
    private const double ThroughputBinds = 0.8;

    /// <summary>Part of the capacity below which a promise is bound by what a live run of its length can certify.</summary>
    private const double EvidenceBinds = 0.8;

    /// <summary>Limits that are tried, times the plan's.</summary>
    private static readonly double[] LimitFactors = [0.8, 0.9, 1.1, 1.25, 2];

    /// <summary>The chosen path's identity.</summary>
    public required string PathId { get; init; }

    /// <summary>Why it was chosen.</summary>
    public required string Why { get; init; }

    /// <summary><c>latency</c>: large queries leave little of the limit to wait in. <c>throughput</c>: the instances are busy. <c>queueing</c>: neither, but queries come close together.</summary>
    public required string Binding { get; init; }

    /// <summary>The same in a sentence, with its numbers.</summary>
    public required string Because { get; init; }

    /// <summary>The target's percentile at a vanishing rate, milliseconds; simulated.</summary>
    public required double UnloadedPercentileMs { get; init; }

    /// <summary>Busy share of the instances at the knee, 0 to 1; simulated.</summary>
    public required double BusyAtCapacity { get; init; }

    public required Estimate CapacityQps { get; init; }

    /// <summary>Why the promise lies below the capacity, in a sentence; null where it hardly does, or where the rate was asked for.</summary>
    public string? Evidence { get; init; }

    /// <summary>What the command that made the plan was told; null where the plan does not say.</summary>
    public IReadOnlyDictionary<string, string>? Asked { get; init; }

    /// <summary>Other limits, ascending.</summary>
    public required IReadOnlyList<WhatIf> Limits { get; init; }

    /// <summary>Machines for a load that was asked for; null where none was.</summary>
    public FleetSize? Fleet { get; init; }

    /// <summary>The rest of the frontier, by promise.</summary>
    public required IReadOnlyList<Alternative> Alternatives { get; init; }

    /// <param name="plan">As read from its file.</param>
    /// <param name="evaluatorOf">Simulates under another target.</param>
    public static PlanExplanation Of(Plan plan, Func<Sla, PathEvaluator> evaluatorOf)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(evaluatorOf);
        var (path, scheduler) = (plan.Paths, plan.Scheduler);
        var own = evaluatorOf(plan.Sla);
        var capacity = own.Capacity(path, scheduler);
        var unloadedMs = own.UnloadedPercentileMs(path, scheduler);
        var busy = own.BusyShare(path, scheduler, capacity.Value);
        var binding = unloadedMs > ServiceBinds * plan.Sla.LimitMs ? "latency" : busy >= ThroughputBinds ? "throughput" : "queueing";
        var chosen = plan.Frontier.First(entry => entry.Chosen);
        return new PlanExplanation
        {
            PathId = plan.PathId(),
            Why = chosen.Why,
            Binding = binding,
            Because = Text($"p{plan.Sla.Percentile} is {SignificantDigits.Text(unloadedMs, 3)} ms without any load, {unloadedMs / plan.Sla.LimitMs:P0} of the limit, and at the knee the instances are busy for {busy:P0} of the time")
                + (binding == "queueing" ? $": {plan.Workload.Arrivals} arrivals come so close together that queries wait for each other" : ""),
            UnloadedPercentileMs = unloadedMs,
            BusyAtCapacity = Math.Round(busy, 4),
            CapacityQps = capacity,
            Evidence = EvidenceOf(plan, capacity),
            Asked = plan.Asked,
            Limits = [.. LimitFactors.Select(factor => Limited(plan, evaluatorOf, factor, capacity))],
            Alternatives = [.. plan.Frontier.Where(entry => !entry.Chosen).Select(entry => Other(entry, chosen)).OrderByDescending(other => other.Gain)],
        };
    }

    private static string? EvidenceOf(Plan plan, Estimate capacity)
    {
        var share = plan.Promise.Qps / capacity.Value;
        var over = (plan.Validated.Measured ?? plan.Predicted).OverLimitShare;
        return plan.Promise.FixedLoad || !(share < EvidenceBinds) ? null
            : Text($"the promise is {share:P0} of the capacity: it is what a live run of usual length certifies with {plan.Promise.Confidence:P0} confidence, and has a margin for bursts of stalls; the closer to the capacity, the more queries wait for each other, and the less each of them says. At the promise {over.Value:P2} of the queries are over the limit ({over.Source.ToString().ToLowerInvariant()}); up to {plan.Sla.AllowedShare():P2} may be over it");
    }

    private static WhatIf Limited(Plan plan, Func<Sla, PathEvaluator> evaluatorOf, double factor, Estimate own)
    {
        var sla = plan.Sla with { LimitMs = SignificantDigits.Round(plan.Sla.LimitMs * factor, 4) };
        var capacity = evaluatorOf(sla).Capacity(plan.Paths, plan.Scheduler);
        var difference = sla.LimitMs - plan.Sla.LimitMs;
        return new WhatIf(Text($"{(difference < 0 ? "−" : "+")}{SignificantDigits.Text(Math.Abs(difference), 3)} ms"), capacity, Gain(capacity.Value, own.Value), IsNoise(capacity.Value, own.Value));
    }

    private static Alternative Other(FrontierEntry entry, FrontierEntry chosen) => new(
        entry, entry.MemoryBytes - chosen.MemoryBytes, Gain(entry.PromiseQps.Value, chosen.PromiseQps.Value), IsNoise(entry.PromiseQps.Value, chosen.PromiseQps.Value));

    private static double Gain(double value, double own) => own > 0 ? Math.Round((value / own) - 1, 4) : 0;

    private static bool IsNoise(double value, double own) => Math.Abs(Gain(value, own)) <= PathChoice.TieShare;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
