using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Core.Planning;

/// <summary>Says what binds when no path may be chosen, and which came closest.</summary>
internal static class WhyNone
{
    public static Infeasibility Of(PlanRequest request, PathChoice choice)
    {
        var lossless = choice.Evaluations.Where(e => !choice.TooLossy(e)).ToArray();
        if (lossless.Length > 0 && lossless.All(choice.TooBad))
        {
            var best = lossless.MaxBy(e => e.Quality.Value ?? double.NegativeInfinity)!;
            return TooBad(request, best.Id, best.Quality);
        }

        lossless = [.. lossless.Where(e => !choice.TooBad(e))];
        var feasible = lossless.Where(e => e.Feasible).ToArray();
        if (lossless.Length == 0)
        {
            var closest = choice.Evaluations.MinBy(e => e.MaxScoreChange ?? double.MaxValue)!;
            return new Infeasibility
            {
                Binding = "quality",
                Needed = Text($"a largest score change of at most {Planner.LossyScoreChange}"),
                Available = closest.MaxScoreChange is { } change ? Text($"{change:G3} at best") : "not measured of any path",
                Closest = closest.Id,
                Advice = "Allow paths that change scores with --lossy, or raise --memory-max so that fp32 tables fit.",
            };
        }

        if (feasible.Length == 0)
        {
            var closest = lossless.MinBy(e => e.UnloadedPercentileMs)!;
            var best = Text($"p{request.Sla.Percentile} of {SignificantDigits.Text(closest.UnloadedPercentileMs, 3)} ms at best, without any load");
            return new Infeasibility
            {
                Binding = "latency",
                Needed = request.Sla.ToString(),
                Available = closest.UnloadedPercentileMs > request.Sla.LimitMs
                    ? $"{best} (the service time of the workload's large queries)"
                    : Text($"{best}, but too many queries over the limit for it to be certified with {Planner.Confidence:P0} confidence"),
                Closest = closest.Id,
                Advice = Text($"Relax the SLA to at least {Math.Ceiling(Math.Max(closest.UnloadedPercentileMs, request.Sla.LimitMs) * 12) / 10} ms, send smaller queries, or use a faster machine."),
            };
        }

        var fastest = feasible.MaxBy(e => e.PromiseQps.Value)!;
        return new Infeasibility
        {
            Binding = "load",
            Needed = Text($"{SignificantDigits.Text(request.Qps!.Value, 5)} queries/s"),
            Available = Text($"{SignificantDigits.Text(fastest.PromiseQps.Value, 5)} queries/s at {request.Sla}"),
            Closest = fastest.Id,
            Advice = Text($"Lower --qps, relax the SLA, or use {Math.Ceiling(request.Qps.Value / fastest.PromiseQps.Value):F0} such machines."),
        };
    }

    /// <summary>No path answers as well as is asked for.</summary>
    /// <param name="closest">The best of all.</param>
    public static Infeasibility TooBad(PlanRequest request, string closest, Quality best) => new()
    {
        Binding = "quality",
        Needed = Text($"{best.Metric} of at least {request.QualityMin}"),
        Available = best.Value is { } value ? Text($"{value:F4} at best ({best.Source.ToString().ToLowerInvariant()})") : "unknown of every path",
        Closest = closest,
        Advice = "Lower --quality-min, widen the space with representations that answer better, or say with --quality how good they are.",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
