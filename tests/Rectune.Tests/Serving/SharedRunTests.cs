using Rectune.Core.Domain;
using Rectune.Core.Scheduling;
using Rectune.Engine.Data;
using Rectune.Engine.Serving;
using Rectune.Engine.Sessions;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving;

/// <summary>Queries of different clients that are scored in one run.</summary>
public sealed class SharedRunTests : IDisposable
{
    private const ulong Seed = 11;
    private const int Samples = 3;

    private static readonly ModelCard Card = TinyModel.Card();
    private static readonly FeatureBatch Pool = TinyModel.Pool(Card, Samples);

    private readonly TableStore tables = TinyModel.Tables(Seed);

    public void Dispose() => tables.Dispose();

    [Theory]
    [InlineData(DensePrecision.Int8, 100)]
    [InlineData(DensePrecision.Int8, 1e10)]
    [InlineData(DensePrecision.Int8, -1e10)]
    [InlineData(DensePrecision.Int8, 1e20)]
    [InlineData(DensePrecision.Int8, double.NaN)]
    [InlineData(DensePrecision.Fp32, 1e10)]
    public void Submit_NeighbourWithAbsurdValues_ScoresAreThoseOfEachQueryAlone(string precision, double value)
    {
        var absurd = new FeatureBatch(Samples, [.. Pool.Dense.Select(_ => (float)value)], Pool.Columns);

        // Nobody is scored before both are there.
        var settings = new SchedulerSettings { Policy = SchedulingPolicies.Static, Instances = 1, SplitSamples = 2 * Samples, MaxBatch = 2 * Samples, BatchWindowUs = 600_000_000, QueueLimit = 10 };
        using var server = new InProcessServer(settings, [[Instance(precision)]], TimeProvider.System);
        var (first, second) = (new Answer(), new Answer());
        Assert.Equal(Admission.Accepted, server.Submit(absurd, 0, Samples, first, 1));
        Assert.Equal(Admission.Accepted, server.Submit(Pool, 0, Samples, second, 2));

        Assert.Equal(Alone(precision, Pool), second.Wait());
        Assert.Equal(Alone(precision, absurd), first.Wait());
    }

    private float[] Alone(string precision, FeatureBatch features)
    {
        using var instance = Instance(precision);
        instance.Begin();
        instance.Add(features, 0, Samples);
        instance.Pool();
        instance.Score();
        return instance.Scores.ToArray();
    }

    private PathInstance Instance(string precision)
    {
        var graphs = new ModelGraphs(Card, Seed);
        return new PathInstance(graphs, TinyModel.Open(graphs, tables, TablePrecision.Fp32), TinyModel.Configuration() with { DensePrecision = precision }, 2 * Samples);
    }

    private sealed class Answer : IQueryObserver
    {
        private readonly TaskCompletionSource<float[]> ended = new();

        public float[] Wait() => ended.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken).GetAwaiter().GetResult();

        public void Ended(long tag, ReadOnlySpan<float> scores, QueryEnd end) => ended.SetResult(scores.ToArray());
    }
}
