using Rectune.Core.Domain;
using Rectune.Core.Onnx;
using Rectune.Core.Workloads;
using Rectune.Engine.Data;
using Rectune.Engine.Sessions;
using Rectune.Engine.Validation;
using Rectune.Tests.Fakes;
using Xunit;

// Not Rectune.Tests.Validation, which would hide the record of that name from every test.
namespace Rectune.Tests.LiveValidation;

/// <summary>Real serving of a tiny model for a short time; verdicts are only asked for where no machine is slow enough to turn them.</summary>
public sealed class LiveValidatorTests
{
    private const ulong Seed = 11;
    private static readonly ModelCard Card = TinyModel.Card();
    private static readonly ModelGraphs Graphs = new(Card, Seed);
    private static readonly FeatureBatch Pool = TinyModel.Pool(Card, 1024);

    [Fact]
    public void Validate_GenerousTarget_IsNotMissedAndSaysWhatWasMeasured()
    {
        using var tables = TinyModel.Tables(Seed);
        var validation = Validator(tables, samples: 16).Validate([Path()], Scheduler(queueLimit: 1024), Limit(30_000), 300, 2.5, LoadLength.UntilDecided, 1, CancellationToken.None);
        Assert.NotEqual(Verdict.Missed, validation.Verdict);
        Assert.NotEqual(Verdict.NotRun, validation.Verdict);
        Assert.NotEmpty(validation.Because);

        // 2.25 s of judged time less 15 % at most for settling, at 300 queries/s; a certain verdict ends it after one of three replications.
        Assert.InRange(validation.Replications, 1, 3);
        Assert.InRange(validation.Queries, validation.Replications * 150, validation.Replications * 270);
        var measured = validation.Measured!;
        Assert.Equal(300, measured.OfferedQps);
        Assert.Equal(0, measured.OverLimitShare.Value);
        Assert.InRange(measured.GoodputQps.Value, 200, 400);
        Assert.Equal(0.75 * 16 * measured.GoodputQps.Value, measured.CorrectPerSecond!.Value, 0.01 * measured.CorrectPerSecond.Value);
        Assert.True(measured.P50Ms!.Value <= measured.P95Ms!.Value && measured.P95Ms.Value <= measured.P99Ms!.Value);
        Assert.True(validation.Generator!.LatenessP50Us <= validation.Generator.LatenessP99Us && validation.Generator.LatenessP99Us <= validation.Generator.LatenessMaxUs);
        Assert.False(validation.Generator.Limiting);
        Assert.Null(measured.RefusedShare);
        Assert.Equal(validation.Verdict == Verdict.Inconclusive, validation.QueriesNeeded is not null);
    }

    [Fact]
    public void Validate_QueriesRefused_CountAsOverTheLimit()
    {
        // Room for a single query that no load of this rate leaves: far more than 1 % are refused, and none of the answered is over a limit of half a minute.
        using var tables = TinyModel.Tables(Seed);
        var validation = Validator(tables, samples: 1024).Validate([Path()], Scheduler(queueLimit: 1), Limit(30_000), 5_000, 1.2, LoadLength.UntilDecided, 1, CancellationToken.None);
        Assert.Equal(Verdict.Missed, validation.Verdict);
        Assert.Null(validation.Measured!.P99Ms);
        Assert.InRange(validation.Measured.OverLimitShare.Value, 0.02, 1);
        Assert.True(validation.Measured.GoodputQps.Value < 5_000);

        // Everything over the limit was refused: no answer takes half a minute.
        Assert.Equal(validation.Measured.OverLimitShare.Value, validation.Measured.RefusedShare!.Value, 1e-4);
        Assert.InRange(validation.Measured.AcceptedP99Ms!.Value, 0, 30_000);
        Assert.InRange(validation.Measured.RefusedP99Ms!.Value, 0, 30_000);
        Assert.Null(validation.QueriesNeeded);
    }

    [Fact]
    public void Validate_Interrupted_SaysNotRun()
    {
        using var tables = TinyModel.Tables(Seed);
        TinyModel.Open(Graphs, tables, TablePrecision.Fp32);
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        var validation = Validator(tables, samples: 16).Validate([Path()], Scheduler(queueLimit: 64), Limit(30_000), 300, 2, LoadLength.UntilDecided, 1, cancel.Token);
        Assert.Equal(Verdict.NotRun, validation.Verdict);
        Assert.Null(validation.Measured);
        Assert.Equal(0, validation.Queries);
    }

    private static Sla Limit(double ms) => new() { Percentile = 99, LimitMs = ms };

    private static LiveValidator Validator(TableStore tables, int samples) => new(
        Graphs, tables, Pool, new PoissonArrivals(), new FixedSizes(samples), Seed, TimeProvider.System, new Progress<ValidationProgress>());

    private static SchedulerSettings Scheduler(int queueLimit) => new()
    {
        Policy = "static",
        Instances = 1,
        SplitSamples = 1024,
        MaxBatch = 1024,
        BatchWindowUs = 0,
        QueueLimit = queueLimit,
    };

    private static ServingPath Path() => new()
    {
        Id = "tiny",
        Machine = "here",
        Configuration = TinyModel.Configuration(),
        MaxBatch = 1024,
        MemoryBytes = 1,
        Quality = new Quality { Metric = "accuracy", Value = 0.75, Source = Provenance.Assumed, Where = "tests" },
        Service = Curves.Through([(1, 10)]),
    };
}
