using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Planning;
using Rectune.Core.Search;
using Rectune.Core.Workloads;

namespace Rectune.Tests.Fakes;

/// <summary>Planning without a machine: a request, and a planner over scripted ports.</summary>
internal static class PlanScript
{
    /// <summary>Four tables of 10 million rows × 16: 2.56 GB in fp32, 1.28 GB in fp16, 0.96 GB in int8, 0.48 GB in int4.</summary>
    public static ModelCard Card { get; } = SmallCards.Card(13, Enumerable.Range(1, 4).Select(i => SmallCards.Feature($"C{i}", 10_000_000, 16)), bottomMlp: [16]);

    /// <summary>The highest certified rate of p99=20ms for queries of 64 samples on the test machine with two cores.</summary>
    public static PlanRequest Request() => new()
    {
        Model = new PlanModel { Name = Card.Name, Card = Card, Sha256 = CardFormat.Sha256(Card), Weights = "random:1" },
        Machine = SampleRecords.Machine(),
        Sla = new Sla { Percentile = 99, LimitMs = 20 },
        Workload = new Workload
        {
            Arrivals = "poisson",
            Sizes = "fixed:64",
            Skew = new IndexSkew { Kind = SkewKind.Zipf, ZipfExponent = 1.05, Source = Provenance.Assumed },
        },
        MemoryLimitBytes = 8L << 30,
        MemoryLimitBy = "installed",
        BudgetSeconds = 60,
        Seed = 1,
        Version = "0.1.0",
        Arrivals = new PoissonArrivals(),
        Sizes = new FixedSizes(64),
    };

    /// <summary>50 µs a run and 5 µs a sample, whatever the configuration.</summary>
    public static double Affine(Configuration configuration, int batch) => 50 + (5.0 * batch);

    public static PlanOutcome Run(
        PlanRequest request, SearchSpace space, IPathMeasurer measurer, IPlanValidator? validator = null, IEnumerable<MeasurementRow>? known = null, TimeProvider? clock = null) =>
        Planner(measurer, validator, clock).Run(request, space, known ?? [], CancellationToken.None);

    public static Planner Planner(IPathMeasurer measurer, IPlanValidator? validator = null, TimeProvider? clock = null, IMeasurementSink? journal = null) =>
        new(measurer, validator ?? new ScriptedValidator(double.MaxValue), journal ?? new Journal(), clock ?? StillClock.AtNewYear(), new Silence());

    /// <summary>Keeps what it is handed.</summary>
    internal sealed class Journal : IMeasurementSink
    {
        public List<MeasurementRow> Rows { get; } = [];

        public List<string> Failures { get; } = [];

        public void Measured(MeasurementRow row) => Rows.Add(row);

        public void Failed(Configuration configuration, string why) => Failures.Add($"{configuration.Id()}: {why}");
    }

    private sealed class Silence : IProgress<PlanningProgress>
    {
        public void Report(PlanningProgress value)
        {
        }
    }
}
