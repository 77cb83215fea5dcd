using Rectune.Core.Domain;
using Rectune.Core.Onnx;
using Rectune.Core.Representations;
using Rectune.Core.Workloads;
using Rectune.Engine.Data;
using Rectune.Engine.Profiling;
using Rectune.Engine.Sessions;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Profiling;

public sealed class PathProfilerTests
{
    private const ulong Seed = 11;
    private static readonly ModelCard Card = TinyModel.Card();
    private static readonly int[] Batches = [1, 64];

    private static readonly MeasuredContext Context = new()
    {
        Skew = "uniform",
        ModelSha256 = "model",
        Weights = "random:11",
        MachineFingerprint = "machine",
        RuntimeFingerprint = "runtime",
    };

    private static readonly Configuration[] Configurations =
    [
        TinyModel.Configuration(),
        TinyModel.Configuration(instances: 2),
        TinyModel.Configuration(TablePrecision.Int8),
    ];

    [Fact]
    public void Measure_TinyModel_GivesEveryCellARowWithPlausibleTerms()
    {
        var sink = new PlanScript.Journal();
        var progress = new LastReport();
        Measure(sink, TimeSpan.FromSeconds(1.2), progress: progress);
        Assert.Empty(sink.Failures);
        Assert.Equal(Cells(), sink.Rows.Select(Cell).Order());
        Assert.All(sink.Rows, row =>
        {
            Assert.Equal(("uniform", "model", "random:11", "machine", "runtime"), (row.Key.Skew, row.Key.ModelSha256, row.Key.Weights, row.Key.MachineFingerprint, row.Key.RuntimeFingerprint));
            Assert.NotEmpty(row.ServiceUs);
            Assert.All(row.ServiceUs.Concat(row.DisturbedUs), us => Assert.True(us > 0));
            var terms = row.Terms;
            Assert.True(terms.PrepareUs > 0 && terms.EmbeddingUs > 0 && terms.CopyOutUs > 0);
            Assert.True(terms.ComputeUs > terms.EmbeddingUs);
            Assert.Null(terms.CopyInUs);

            // Medians do not add up exactly where runs spread; compute outweighs the rest so far that they nearly do.
            var median = row.ServiceUs.Order().ElementAt(row.ServiceUs.Count / 2);
            Assert.InRange((terms.PrepareUs + terms.ComputeUs + terms.CopyOutUs) / median, 0.75, 1.25);
            Assert.True(row.YardstickUs > 0);
            Assert.InRange(row.MedianRelativeError, 0, 1);
        });
        Assert.Equal((6, 6), (progress.Value!.Settled, progress.Value.Cells));
    }

    [Fact]
    public void Measure_Precisions_ChangeScoresAsMuchAsTheyRound()
    {
        var sink = new PlanScript.Journal();
        Measure(sink, TimeSpan.FromSeconds(0.3));
        var fp32 = sink.Rows.Where(r => r.Key.Configuration.TablePrecision == TablePrecision.Fp32).Select(r => r.MaxScoreChange!.Value).Distinct().Single();
        var int8 = sink.Rows.Where(r => r.Key.Configuration.TablePrecision == TablePrecision.Int8).Select(r => r.MaxScoreChange!.Value).Distinct().Single();
        Assert.InRange(fp32, 0, 1e-5);
        Assert.InRange(int8, Math.Max(fp32, 1e-7), 0.01);
    }

    [Fact]
    public void Measure_OperatorsAsked_EveryCellHasThoseOfItsGraph()
    {
        var sink = new PlanScript.Journal();
        Measure(sink, TimeSpan.FromSeconds(0.3), operators: true);
        Assert.All(sink.Rows, row =>
        {
            Assert.Contains(row.Operators!, time => time is { Graph: OperatorTime.Dense, Operator: "Gemm" or "FusedGemm" });
            Assert.All(row.Operators!, time => Assert.True(time.CallsPerRun >= 1 && time.UsPerRun >= 0));
        });
    }

    [Fact]
    public void Measure_OperatorsNotAsked_RowsHaveNone()
    {
        var sink = new PlanScript.Journal();
        Measure(sink, TimeSpan.FromSeconds(0.1));
        Assert.All(sink.Rows, row => Assert.Null(row.Operators));
    }

    [Fact]
    public void Measure_BudgetSpentOnTheFirstPrecision_TheOthersAreStillVisitedOnce()
    {
        var sink = new PlanScript.Journal();
        Measure(sink, TimeSpan.FromTicks(1), visitMs: 30);
        Assert.Empty(sink.Failures);
        Assert.Equal(Cells(), sink.Rows.Select(Cell).Order());
    }

    [Fact]
    public void Measure_ConfigurationsThatCannotRun_FailOnceEachAndProgressStillEnds()
    {
        // The pool has fewer samples than the largest batch.
        var sink = new PlanScript.Journal();
        var progress = new LastReport();
        Measure(sink, TimeSpan.FromSeconds(5), samples: 16, progress);
        Assert.Equal(Configurations.Select(c => c.Id()).Order(), sink.Failures.Select(f => f.Split(':')[0]).Order());
        Assert.Empty(sink.Rows);
        Assert.Equal((6, 6), (progress.Value!.Settled, progress.Value.Cells));
    }

    [Fact]
    public void Measure_WideTails_AreVisitedInMoreRoundsButNotForever()
    {
        // Every median is known after a round; no tail ever is, or every tail is. A minute is never needed.
        Assert.InRange(Runs(tail: 0), 3 * Runs(tail: 1), int.MaxValue);

        static int Runs(double tail)
        {
            var sink = new PlanScript.Journal();
            Measure(sink, TimeSpan.FromMinutes(1), new ProfilerSettings { Visit = TimeSpan.FromMilliseconds(2), MinimumRounds = 1, MinimumRuns = 0, TargetRelativeError = 1, TargetTailRelativeError = tail });
            Assert.Equal(Cells(), sink.Rows.Select(Cell).Order());
            return sink.Rows.Sum(row => row.ServiceUs.Count + row.DisturbedUs.Count);
        }
    }

    [Fact]
    public void Measure_LaterLaunches_BeginWithOtherRows()
    {
        Assert.Equal([TablePrecision.Fp32, TablePrecision.Int8, TablePrecision.Fp32], Enumerable.Range(1, 3).Select(First));

        static TablePrecision First(int launch)
        {
            var sink = new PlanScript.Journal();
            Measure(sink, TimeSpan.FromTicks(1), new ProfilerSettings(), context: Context with { Launch = LaunchPlace.At("session", launch, 3) });
            return sink.Rows[0].Key.Configuration.TablePrecision;
        }
    }

    [Fact]
    public void Measure_CachesOfVectors_AreMeasuredLikeAnyOtherConfiguration()
    {
        var card = RepresentationCards.Bags();
        var pool = CandidatePool.Synthetic(card, SkewText.Of(1.2, Provenance.Assumed), Seed, 1, 256);
        using var tables = new TableStore(new RandomRows(Seed), 1, popular: () => pool.Popular);
        var dhe = TinyModel.Configuration() with { Representation = RepresentationCatalog.Parse("dhe(k=32,decoder=12)", "a test") };
        Configuration[] configurations = [dhe, dhe with { CacheBytes = 32 << 10 }, dhe with { CacheBytes = 32 << 10, Instances = 2 }, dhe with { CacheBytes = 1 << 20 }];
        var sink = new PlanScript.Journal();
        new PathProfiler(new ModelGraphs(card, Seed), tables, pool.Features, Context, new ProfilerSettings { Visit = TimeSpan.FromMilliseconds(2) }, TimeProvider.System, new LastReport())
            .Measure(configurations, Batches, 0.2, sink, CancellationToken.None);
        Assert.Empty(sink.Failures);
        Assert.Equal(configurations.SelectMany(c => Batches.Select(b => $"{c.Id()} {b}")).Order(), sink.Rows.Select(Cell).Order());
        Assert.All(sink.Rows, row => Assert.InRange(row.MaxScoreChange!.Value, 0, 1e-5));
    }

    [Fact]
    public void Measure_Cancelled_Ends()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Measure(new PlanScript.Journal(), TimeSpan.FromSeconds(5), cancel: cancel));
    }

    private static void Measure(
        IMeasurementSink sink, TimeSpan budget, int samples = 256, IProgress<ProfilingProgress>? progress = null, int visitMs = 5, CancellationTokenSource? cancel = null, bool operators = false) =>
        Measure(sink, budget, new ProfilerSettings { Visit = TimeSpan.FromMilliseconds(visitMs), Operators = operators }, samples, progress, cancel);

    private static void Measure(
        IMeasurementSink sink, TimeSpan budget, ProfilerSettings settings, int samples = 256, IProgress<ProfilingProgress>? progress = null, CancellationTokenSource? cancel = null, MeasuredContext? context = null)
    {
        using var tables = TinyModel.Tables(Seed);
        new PathProfiler(new ModelGraphs(Card, Seed), tables, TinyModel.Pool(Card, samples), context ?? Context, settings, TimeProvider.System, progress ?? new LastReport())
            .Measure(Configurations, Batches, budget.TotalSeconds, sink, cancel?.Token ?? CancellationToken.None);
    }

    private static IEnumerable<string> Cells() => Configurations.SelectMany(c => Batches.Select(b => $"{c.Id()} {b}")).Order();

    private static string Cell(MeasurementRow row) => $"{row.Key.Configuration.Id()} {row.Key.Batch}";

    private sealed class LastReport : IProgress<ProfilingProgress>
    {
        public ProfilingProgress? Value { get; private set; }

        public void Report(ProfilingProgress value) => Value = value;
    }
}
