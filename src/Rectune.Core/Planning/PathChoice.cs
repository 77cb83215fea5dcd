using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Search;
using Rectune.Core.Units;

namespace Rectune.Core.Planning;

/// <summary>Orders evaluated paths by an objective and says of each why it was chosen or not.</summary>
public sealed class PathChoice
{
    /// <summary>Two promises closer than this are not told apart: the share by which a promise of the same path differs between two measurements here.</summary>
    public const double TieShare = 0.03;

    /// <summary>Traffic that is answered above and below a floor meets it on average but for rounding.</summary>
    private const double QualityRounding = 1e-6;

    /// <summary>Two qualities closer than this are not told apart.</summary>
    internal const double QualityTie = 1e-5;

    /// <summary>Half of the last digit that is printed.</summary>
    private const double ShownQuality = 5e-5;

    private readonly PlanRequest request;

    public PathChoice(PlanRequest request, IReadOnlyList<PathEvaluation> evaluations)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(evaluations);
        this.request = request;
        Evaluations = evaluations;
        Objective = request.Objective ?? (evaluations.All(e => e.Quality.Value is not null) ? "correct" : "goodput");
        var eligible = evaluations.Where(e => e.Feasible && !TooLossy(e) && !TooBad(e) && (request.Qps is not { } qps || e.PromiseQps.Value >= qps)).ToList();
        eligible.Sort(Compare);
        Ranked = eligible;
    }

    /// <summary>The objective in force.</summary>
    public string Objective { get; }

    /// <summary>Paths that may be chosen, best first.</summary>
    public IReadOnlyList<PathEvaluation> Ranked { get; }

    public IReadOnlyList<PathEvaluation> Evaluations { get; }

    /// <summary>Whether a path changes scores by more than is let in without <c>--lossy</c>.</summary>
    public bool TooLossy(PathEvaluation evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        return !request.LetsIn(evaluation.Configuration, evaluation.MaxScoreChange);
    }

    /// <summary>Whether answers are not as good as is asked for, or nobody knows how good they are.</summary>
    public static bool TooBad(PlanRequest request, Quality quality) => request.QualityMin is { } least && !(quality.Value >= least - QualityRounding);

    /// <inheritdoc cref="TooBad(PlanRequest, Quality)"/>
    public bool TooBad(PathEvaluation evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        return TooBad(request, evaluation.Quality);
    }

    /// <summary>The Pareto set over promise, quality and memory, <paramref name="chosen"/> first, then by promise; every entry says why.</summary>
    public IReadOnlyList<FrontierEntry> Frontier(PathEvaluation chosen, IReadOnlyDictionary<PathEvaluation, double>? unconfirmed = null)
    {
        ArgumentNullException.ThrowIfNull(chosen);
        var feasible = Evaluations.Where(e => e.Feasible).ToArray();
        var objectives = feasible.Select(e => new[] { e.PromiseQps.Value, e.Quality.Value ?? 0, -e.MemoryBytes }).ToArray();
        var front = ParetoFront.Of(objectives).Select(i => feasible[i]).ToHashSet();
        front.Add(chosen);
        return [.. front.OrderByDescending(e => e == chosen).ThenByDescending(e => e.PromiseQps.Value).Select(e => Entry(e, chosen, unconfirmed))];
    }

    /// <summary>One line for any evaluated path, on the frontier or not.</summary>
    public FrontierEntry Entry(PathEvaluation evaluation, PathEvaluation chosen, IReadOnlyDictionary<PathEvaluation, double>? unconfirmed = null)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        ArgumentNullException.ThrowIfNull(chosen);
        return new FrontierEntry
        {
            PathId = evaluation.Id,
            Configuration = evaluation.Configuration,
            MaxBatch = evaluation.Scheduler.MaxBatch,
            SplitSamples = evaluation.Scheduler.SplitSamples,
            PromiseQps = evaluation.PromiseQps,
            Quality = evaluation.Quality,
            MemoryBytes = evaluation.MemoryBytes,
            Cores = evaluation.Configuration.Cores(),
            Chosen = evaluation == chosen,
            Why = Why(evaluation, chosen, unconfirmed),
        };
    }

    private string Why(PathEvaluation path, PathEvaluation chosen, IReadOnlyDictionary<PathEvaluation, double>? unconfirmed)
    {
        if (unconfirmed is { Count: > 0 } && path == chosen)
        {
            return "chosen: paths predicted to do better were not confirmed under live load";
        }

        if (unconfirmed is not null && unconfirmed.TryGetValue(path, out var tried))
        {
            return Text($"live load did not confirm {SignificantDigits.Text(tried, 4)} queries/s");
        }

        if (path == chosen)
        {
            return request.Qps is { } qps
                ? Text($"chosen: the fewest cores, then the least memory, of the paths that hold {SignificantDigits.Text(qps, 4)} queries/s")
                : Objective switch
                {
                    "cost" => "chosen: the fewest cores, then the least memory, of the paths that meet the target",
                    "memory" => "chosen: the least memory of the paths that meet the target",
                    "quality" => "chosen: the best quality, then the highest rate",
                    _ when Ties(path) > 0 => Text($"chosen: no path promises more than {TieShare:P0} above it; of those as fast, it {(Objective == "correct" ? "answers best, " : "")}changes scores least, then takes the least memory"),
                    _ => "chosen: the highest promised rate",
                };
        }

        if (!path.Feasible)
        {
            return path.UnloadedPercentileMs > request.Sla.LimitMs
                ? Text($"cannot meet the target at any rate: {request.Sla} needs {SignificantDigits.Text(path.UnloadedPercentileMs, 3)} ms here even without load")
                : Text($"cannot be certified at any rate: too many queries are over {request.Sla.LimitMs} ms even without load");
        }

        if (TooBad(path))
        {
            return Text($"{path.Quality.Metric} {path.Quality.Value?.ToString("F4", CultureInfo.InvariantCulture) ?? "unknown"} ({path.Quality.Source.ToString().ToLowerInvariant()}), at least {request.QualityMin:F4} is asked for");
        }

        if (TooLossy(path))
        {
            return path.MaxScoreChange is { } measured
                ? Text($"changes scores by up to {measured:G2}, more than {Planner.LossyScoreChange}; --lossy lets it in")
                : "how much its centroids change scores was not measured; --lossy lets it in";
        }

        if (request.Qps is { } demanded && path.PromiseQps.Value < demanded)
        {
            return Text($"promises {SignificantDigits.Text(path.PromiseQps.Value, 4)} queries/s, {SignificantDigits.Text(demanded, 4)} are asked for");
        }

        var rate = (path.PromiseQps.Value / chosen.PromiseQps.Value) - 1;
        var memory = chosen.MemoryBytes - path.MemoryBytes;
        var rateText = Math.Abs(rate) <= TieShare ? "as fast within noise" : Text($"{Math.Abs(rate):P0} {(rate < 0 ? "slower" : "faster")}");
        var memoryText = Math.Abs(memory) < (1 << 20) ? "same memory" : $"{new ByteSize(Math.Abs(memory))} {(memory > 0 ? "less" : "more")} memory";
        var coresText = path.Configuration.Cores() == chosen.Configuration.Cores() ? "" : Text($", {path.Configuration.Cores()} instead of {chosen.Configuration.Cores()} cores");
        var quality = path.Quality.Value - chosen.Quality.Value is { } better && Math.Abs(better) >= ShownQuality ? Text($", {path.Quality.Metric} {(better < 0 ? "−" : "+")}{Math.Abs(better):F4}") : "";
        var scores = path.MaxScoreChange is { } change && change > (chosen.MaxScoreChange ?? 0) ? Text($", changes scores by up to {change:G2}") : "";
        return $"{rateText}, {memoryText}{coresText}{quality}{scores}";
    }

    private int Ties(PathEvaluation path) =>
        Ranked.Count(other => other != path && Math.Abs((other.PromiseQps.Value / path.PromiseQps.Value) - 1) <= TieShare);

    private int Compare(PathEvaluation a, PathEvaluation b)
    {
        if (request.Qps is not null || Objective == "cost")
        {
            return First(
                a.Configuration.Cores().CompareTo(b.Configuration.Cores()), a.MemoryBytes.CompareTo(b.MemoryBytes), -a.PromiseQps.Value.CompareTo(b.PromiseQps.Value), ById(a, b));
        }

        return Objective switch
        {
            "memory" => First(a.MemoryBytes.CompareTo(b.MemoryBytes), -Bucket(a).CompareTo(Bucket(b)), ById(a, b)),
            "quality" => First(-(a.Quality.Value ?? 0).CompareTo(b.Quality.Value ?? 0), Change(a).CompareTo(Change(b)), -a.PromiseQps.Value.CompareTo(b.PromiseQps.Value), ById(a, b)),
            "correct" => First(-Bucket(a).CompareTo(Bucket(b)), -QualityStep(a).CompareTo(QualityStep(b)), Change(a).CompareTo(Change(b)), a.MemoryBytes.CompareTo(b.MemoryBytes), -Rate(a).CompareTo(Rate(b)), ById(a, b)),
            _ => First(-Bucket(a).CompareTo(Bucket(b)), Change(a).CompareTo(Change(b)), a.MemoryBytes.CompareTo(b.MemoryBytes), -Rate(a).CompareTo(Rate(b)), ById(a, b)),
        };
    }

    private double Rate(PathEvaluation e) => Objective == "correct" ? e.CorrectQps : e.PromiseQps.Value;

    /// <summary>Steps of one tie share below the best rate: a transitive reading of "as fast within noise".</summary>
    private int Bucket(PathEvaluation e)
    {
        var best = Math.Log(Math.Max(double.Epsilon, BestRate));
        return -(int)((best - Math.Log(Math.Max(double.Epsilon, Rate(e)))) / Math.Log(1 + TieShare));
    }

    private static long QualityStep(PathEvaluation e) => (long)Math.Round((e.Quality.Value ?? 0) / QualityTie);

    private double BestRate => bestRate ??= Evaluations.Where(e => e.Feasible && !TooLossy(e) && !TooBad(e)).Select(Rate).DefaultIfEmpty(0).Max();

    private double? bestRate;

    private static double Change(PathEvaluation e) => e.MaxScoreChange ?? double.MaxValue;

    private static int ById(PathEvaluation a, PathEvaluation b) => string.CompareOrdinal(a.Id, b.Id);

    private static int First(params ReadOnlySpan<int> comparisons)
    {
        foreach (var comparison in comparisons)
        {
            if (comparison != 0)
            {
                return comparison;
            }
        }

        return 0;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
