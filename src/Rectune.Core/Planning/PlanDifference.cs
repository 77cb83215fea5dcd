using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Units;

namespace Rectune.Core.Planning;

/// <summary>One line of two plans side by side.</summary>
/// <param name="Name">What is compared, with its unit.</param>
/// <param name="Left">In the first plan; null where it has none.</param>
/// <param name="Right">In the second.</param>
/// <param name="Change">Of a number, over the first's: 0.1 is a tenth more; null where it is none, or one is missing.</param>
/// <param name="WithinNoise">The intervals overlap, or the numbers are closer than two measurements of one path.</param>
public sealed record PlanDifference(string Name, string? Left, string? Right, double? Change, bool WithinNoise)
{
    public bool Same => Left == Right;

    /// <summary>Every line, in the order of reading.</summary>
    public static IReadOnlyList<PlanDifference> Between(Plan left, Plan right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return
        [
            Fact("model", plan => $"{plan.Model.Name} ({plan.Model.Weights})"),
            Fact("machine", plan => plan.Machines[0].Id),
            Fact("runtime", plan => plan.Provenance.Runtime),
            Fact("target", plan => plan.Sla.ToString()),
            Fact("query sizes", plan => plan.Workload.Sizes),
            Fact("arrivals", plan => plan.Workload.ArrivalTrace is { } trace ? Text($"{trace.File} ({trace.Sha256[..12]})") : plan.Workload.Arrivals),
            Fact("load", plan => plan.Promise.FixedLoad ? Text($"fixed at {plan.Promise.Qps} queries/s") : "the highest rate"),
            Fact("ids", plan => plan.Workload.Skew.Key()),
            Fact("objective", plan => plan.Objective),
            Fact("seed", plan => Text($"{plan.Seed}")),
            Fact("path", plan => plan.PathId()),
            Fact("split/batch", plan => Text($"{plan.Scheduler.SplitSamples}/{plan.Scheduler.MaxBatch}")),
            Exact("memory", plan => plan.Paths.Sum(path => path.MemoryBytes), bytes => new ByteSize((long)bytes).ToString()),
            Number("promise, queries/s", plan => new Estimate { Value = plan.Promise.Qps, Source = plan.Validated.Verdict == Verdict.Met ? Provenance.Measured : Provenance.Interpolated }, "F0"),
            Number("capacity, queries/s", plan => plan.CapacityQps, "F0"),
            .. Figures("predicted", plan => plan.Predicted),
            .. Figures("measured", plan => plan.Validated.Measured),
            Fact("verdict", plan => plan.Validated.Verdict.Name()),
        ];

        PlanDifference Fact(string name, Func<Plan, string> read) => new(name, read(left), read(right), null, WithinNoise: false);

        PlanDifference Exact(string name, Func<Plan, double> read, Func<double, string> write) =>
            new(name, write(read(left)), write(read(right)), Ratio(read(left), read(right)), WithinNoise: false);

        PlanDifference Number(string name, Func<Plan, Estimate?> read, string format)
        {
            var (a, b) = (read(left), read(right));
            var known = a is not null && b is not null;
            return new PlanDifference(name, a?.Text(format), b?.Text(format), known ? Ratio(a!.Value, b!.Value) : null, known && Overlap(a!, b!));
        }

        IEnumerable<PlanDifference> Figures(string kind, Func<Plan, Performance?> read) =>
        [
            Number($"{kind} goodput, queries/s", plan => read(plan)?.GoodputQps, "F1"),
            Number($"{kind} p50, ms", plan => read(plan)?.P50Ms, "F2"),
            Number($"{kind} p95, ms", plan => read(plan)?.P95Ms, "F2"),
            Number($"{kind} p99, ms", plan => read(plan)?.P99Ms, "F2"),
            .. left.Sla.Percentile == right.Sla.Percentile && !Performance.Has(left.Sla.Percentile) ? [Number(Text($"{kind} p{left.Sla.Percentile}, ms"), plan => read(plan)?.TargetMs, "F2")] : Array.Empty<PlanDifference>(),
        ];
    }

    private static bool Overlap(Estimate a, Estimate b) =>
        Math.Abs(Ratio(a.Value, b.Value) ?? 0) <= PathChoice.TieShare || ((a.Low ?? a.Value) <= (b.High ?? b.Value) && (b.Low ?? b.Value) <= (a.High ?? a.Value));

    private static double? Ratio(double a, double b) => a == 0 ? null : Math.Round((b / a) - 1, 4);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
