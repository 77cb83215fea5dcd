using Rectune.Core.Domain;
using Rectune.Core.Representations;
using Rectune.Core.Workloads;
using Rectune.Engine.Data;
using Rectune.Engine.Profiling;
using Rectune.Engine.Sessions;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Profiling;

/// <summary>What centroids in the place of decoders change is measured of every cache and number of them by itself.</summary>
public sealed class CentroidChangeTests
{
    private const string Select = "select(features=one+fixed,k=32,decoder=12)";
    private static readonly int[] Batches = [16];

    [Fact]
    public void Measure_Centroids_GivesTheLargestScoreChangeOfEach()
    {
        var card = RepresentationCards.Bags();
        var pool = CandidatePool.Synthetic(card, SkewText.Of(0.5, Provenance.Assumed), RepresentationRun.Seed, 1, 256);
        using var tables = new TableStore(new RandomRows(RepresentationRun.Seed), 1, popular: () => pool.Popular);
        var exact = TinyModel.Configuration() with { Representation = RepresentationCatalog.Parse(Select, "a test") };
        Configuration[] configurations =
        [
            exact,
            exact with { Centroids = 8 },
            exact with { Centroids = 8, Instances = 2 },
            exact with { Centroids = 8, CacheBytes = 32 << 10 },
            exact with { Centroids = 700 },
        ];
        var context = new MeasuredContext { Skew = "zipf", ModelSha256 = "model", Weights = "random:23", MachineFingerprint = "machine", RuntimeFingerprint = "runtime" };
        var sink = new PlanScript.Journal();
        new PathProfiler(
            new ModelGraphs(card, RepresentationRun.Seed), tables, pool.Features, context, new ProfilerSettings { Visit = TimeSpan.FromMilliseconds(2) }, TimeProvider.System, new Progress<ProfilingProgress>())
            .Measure(configurations, Batches, 0.1, sink, CancellationToken.None);
        Assert.Empty(sink.Failures);
        using var plain = new RepresentationRun(card, Select, pool.Features.Samples);
        var scores = plain.Scores(pool.Features, (0, pool.Features.Samples));
        foreach (var configuration in configurations)
        {
            using var run = new RepresentationRun(
                card, Select, pool.Features.Samples, cacheBytes: configuration.CacheBytes, popular: pool.Popular, centroids: configuration.Centroids ?? 0);
            var expected = run.Scores(pool.Features, (0, pool.Features.Samples)).Zip(scores, (found, score) => Math.Abs((double)found - score)).Max();
            var measured = Assert.Single(sink.Rows, row => row.Key.Configuration == configuration).MaxScoreChange!.Value;
            Assert.Equal(expected, measured, 5e-5 * Math.Max(1, expected));
            Assert.Equal(configuration.Centroids == 8, measured > 0.01);
        }
    }
}
