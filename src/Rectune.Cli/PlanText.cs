using System.Globalization;
using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Planning;
using Rectune.Core.Search;
using Rectune.Core.Units;
using Rectune.Core.Workloads;
using Spectre.Console;

namespace Rectune.Cli;

/// <summary>A plan as a person reads it.</summary>
internal static class PlanText
{
    /// <summary>Says which values are in force and which of them act as filters.</summary>
    /// <param name="cardsTarget">The latency target is the model card's.</param>
    /// <param name="swept">Limits that are planned for instead of the target's; empty where there is one plan.</param>
    public static void Defaults(Terminal terminal, SettingValues values, PlanJob job, bool cardsTarget, IReadOnlyList<Duration> swept)
    {
        var request = job.Request;
        var card = request.Model.Card.Sla;
        var origin = cardsTarget ? $" (the card's, {card.Source.ToString().ToLowerInvariant()}: {card.Where})" : "";
        var load = request.Qps is { } qps ? Text($"{qps:G6} queries/s, fixed") : "the highest rate that can be certified";
        terminal.Message($"{request.Model.Name} on {request.Machine.Cpu.Name}, {request.Machine.Cpu.Cores} cores; {(swept.Count == 0 ? $"target {request.Sla}{origin}" : Text($"targets p{request.Sla.Percentile}={string.Join(", ", swept)}"))}; load: {load}");
        terminal.Message(Text(
            $"queries: {request.Workload.Sizes} (mean {request.Sizes.MeanSamples:F0} samples), {Arrivals(request.Workload)} arrivals, ids {Skew(request.Workload.Skew)}; budget {request.BudgetSeconds:G4} s, seed {request.Seed}"));
        if (request.Arrivals.CycleSeconds > 0)
        {
            terminal.Message(Text($"cycles: those longer than a tenth of a run are shortened to it; where they are, paths must hold {request.Arrivals.PeakFactor:G3} times the average rate for good as well"));
        }

        terminal.Message($"filters: paths up to {new ByteSize(request.MemoryLimitBytes)} ({request.MemoryLimitBy}); {(request.Lossy ? "any score change" : Text($"score changes up to {Planner.LossyScoreChange} (--lossy widens)"))}{(request.QualityMin is { } least ? Text($"; {request.Model.Card.Quality?.Metric ?? "quality"} of at least {least}") : "")}");
        var left = Planner.Needs(request, job.Space).Where(need => need.Bytes > request.MemoryLimitBytes).ToArray();
        if (left.Length > 0)
        {
            terminal.Message($"left out for their memory: {string.Join(", ", left.Select(need => $"{need.Rows} ({new ByteSize(need.Bytes)})"))}");
        }

        if (request.Model.Card.Graph is { } file)
        {
            var batch = file.BatchStep == 0 ? "any batch" : Text($"{file.BatchStep} samples at a time");
            terminal.Message(Text(
                $"equality: {request.Model.Card.Sparse.Count} lookups into {request.Model.Card.Sparse.Count(f => f.Table is null)} tables taken out of {file.File}; largest difference of a score over {file.ComparedSamples} samples {file.MaxAbsError:G2} (measured); {batch}"));
        }

        terminal.Detail($"settings: {string.Join(", ", values.All.Select(v => $"{v.Setting.Name}={v.Text ?? "-"} ({v.Source})"))}");
    }

    public static void Print(Terminal terminal, PlanOutcome outcome)
    {
        var plan = outcome.Plan;
        var table = Terminal.Table("", "path", "split/batch", "promise, queries/s", "memory", "cores", "why");
        foreach (var entry in outcome.Considered)
        {
            table.AddRow(
                new Text(entry.Chosen ? ">" : plan.Frontier.Any(f => f.PathId == entry.PathId) ? "*" : ""),
                new Text(entry.PathId),
                new Text(Text($"{entry.SplitSamples}/{entry.MaxBatch}")),
                new Text(entry.PromiseQps.Value > 0 ? entry.PromiseQps.Text("F0") : "-"),
                new Text(new ByteSize(entry.MemoryBytes).ToString()),
                new Text(entry.Cores.ToString(CultureInfo.InvariantCulture)),
                new Text(entry.Why));
        }

        terminal.Result(table);
        var rough = outcome.Considered.Any(entry => entry.PromiseQps is { Value: > 0, Low: null }) ? "; those without an interval are rough, a usual share of the path's knee" : "";
        terminal.Result($"> chosen, * on the frontier of goodput, quality and memory; promises here are predicted (interpolated from measurements){rough}");
        terminal.Result("");
        foreach (var attempt in outcome.Attempts)
        {
            terminal.Detail($"live load: {attempt}");
        }

        terminal.Result(Text($"promise   {plan.Promise.Qps:F0} queries/s at p{plan.Promise.Percentile} ≤ {plan.Promise.LimitMs} ms, {(plan.Validated.Verdict == Verdict.Met ? $"{plan.Promise.Confidence:P0} confidence" : "predicted, not certified")}, {plan.Promise.Boundary}; verdict: {plan.Validated.Verdict.Name()}"));
        terminal.Result(Text($"capacity  {plan.CapacityQps.Text("F0")} queries/s, the estimated knee (not a promise)"));
        terminal.Result(Comparison(plan.Sla, plan.Predicted, plan.Validated.Measured));
        terminal.Result($"evidence  {plan.Validated.Because}");
        if (plan.Paths[0].Service is { LiveFactor: { } factor } service)
        {
            terminal.Result(Text($"corrected live load took {factor.Value:F2} times the service times measured{(factor.Value < 1 && plan.Paths[0].Configuration.Instances > 1 ? " where the other instances slept" : "")}, and {(service.IdleStartUs?.Value ?? 0) / 1e3:F2} ms where an instance slept; the capacity is simulated with these"));
        }
    }

    /// <summary>The chosen family, how well each predicts what it did not see, and what each resource takes.</summary>
    /// <param name="limitsMeasured">Whether the machine's limits are known, not assumed.</param>
    public static void PrintServiceTimes(Terminal terminal, PathModelChoice choice, bool limitsMeasured)
    {
        terminal.Result("");
        terminal.Result($"paths that were not measured are predicted by: {choice.Family}");
        if (choice.HeldOut.Count > 0)
        {
            var table = Terminal.Table("family", "median error, held out", "95th percentile", Text($"inside the {PathModelChoice.Confidence:P0} interval"));
            foreach (var error in choice.HeldOut)
            {
                Terminal.Row(table, error.Family, Text($"{error.MedianError:P1}"), Text($"{error.P95Error:P1}"), Text($"{error.Covered:P0}"));
            }

            terminal.Result(table);
        }

        var terms = PathPoints.Terms.Zip(choice.Factors).Where(term => term.Second > 0).Select(term => Text($"{term.First} {term.Second:G3}×"));
        terminal.Result($"roofline  times {(limitsMeasured ? "the machine's measured limits" : "assumed limits of a core (rectune devices --limits measures them)")}: {string.Join(", ", terms)}");
    }

    /// <summary>Predicted beside measured, each with its interval.</summary>
    public static Table Comparison(Sla sla, Performance predicted, Performance? measured)
    {
        var table = Terminal.Table("", "predicted", "measured");
        Row("goodput, queries/s", predicted.GoodputQps, measured?.GoodputQps, "F1");
        Row("p50, ms", predicted.P50Ms, measured?.P50Ms, "F2");
        Row("p95, ms", predicted.P95Ms, measured?.P95Ms, "F2");
        Row("p99, ms", predicted.P99Ms, measured?.P99Ms, "F2");
        if (!Performance.Has(sla.Percentile))
        {
            Row(Text($"p{sla.Percentile}, ms"), predicted.TargetMs, measured?.TargetMs, "F2");
        }

        Row("over the limit", predicted.OverLimitShare, measured?.OverLimitShare, "P2");
        if ((predicted.RefusedShare ?? measured?.RefusedShare) is not null)
        {
            Row("refused", predicted.RefusedShare, measured?.RefusedShare, "P2");
        }

        if (measured?.RefusedShare is not null)
        {
            Row("time to a refusal, p99, ms", predicted.RefusedP99Ms, measured.RefusedP99Ms, "F2");
            Row("p99 of the accepted alone, ms", predicted.AcceptedP99Ms, measured.AcceptedP99Ms, "F2");
        }

        if (predicted.CorrectPerSecond is not null)
        {
            Row("correct predictions/s", predicted.CorrectPerSecond, measured?.CorrectPerSecond, "F0");
        }

        return table;

        void Row(string name, Estimate? left, Estimate? right, string format) =>
            table.AddRow(new Text(name), new Text(left is null ? "-" : left.Text(format)), new Text(right is null ? "-" : right.Text(format)));
    }

    /// <summary>A change of a rate or time, 0.1 for a tenth more, and whether it counts.</summary>
    public static string Change(double change, bool withinNoise) => Text($"{(change < 0 ? "−" : "+")}{Math.Abs(change):P1}{(withinNoise ? ", within noise" : "")}");

    private static string Arrivals(Workload workload) =>
        workload.ArrivalTrace is { } trace ? Text($"{trace.File}'s {trace.Queries} (SHA-256 {trace.Sha256[..12]})") : workload.Arrivals == ArrivalCatalog.Names[0] ? "Poisson" : workload.Arrivals;

    private static string Skew(IndexSkew skew) => skew.Kind switch
    {
        SkewKind.Uniform => "uniform (the worst case for caches)",
        SkewKind.Zipf => Text($"Zipf {skew.ZipfExponent:G3} ({skew.Source.ToString().ToLowerInvariant()})"),
        SkewKind.Trace => Text($"used as in the trace {skew.DataFile} ({skew.DataRows} ids, {skew.DistinctShare:P0} distinct, {Fitted(skew)}, SHA-256 {skew.DataSha256?[..12]})"),
        _ => Text($"from {skew.DataFile} ({skew.DataRows} rows, {Fitted(skew)}, SHA-256 {skew.DataSha256?[..12]})"),
    };

    private static string Fitted(IndexSkew skew) =>
        Text($"{(skew.ZipfExponent is { } exponent ? Text($"fitted exponent {exponent:G3}") : "too few repeated ids for an exponent")}, hottest 1 % of ids takes {skew.HottestPercentShare:P0}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
