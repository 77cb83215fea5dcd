using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Representations;
using Rectune.Core.Search;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Search;

public sealed class PathPointsTests
{
    private static readonly ModelCard Card = RepresentationCards.CriteoKaggle();

    private static readonly MachineLimits Limits = SampleRecords.Limits();

    private readonly PathPoints points = new(Card, Limits);

    [Fact]
    public void Of_Tables_CountsWorkAgainstLimits()
    {
        var size = new ModelSize(Card);
        var point = Of(Plain(), 10);
        Assert.Equal(5, point["run"]);
        Assert.Equal(0, point["wake-up"]);

        // 26 rows of 16 fp32 elements, 64 bytes, at 40 million a second.
        Assert.Equal(10 * 26 / 40.0, point["rows"], 1e-9);
        Assert.Equal(0, point["decoders"]);
        Assert.Equal(10 * size.FlopsPerSample / 100e3, point["layers"], 1e-9);
        Assert.Equal(size.DenseParameters * 4 / 20e3, point["weights"], 1e-9);
    }

    [Fact]
    public void Of_InstancesThatShareTheMachine_HaveTheirPartOfItsLimits()
    {
        var (alone, two) = (Of(Plain(), 8), Of(Plain() with { Instances = 2 }, 8));
        Assert.Equal(alone["layers"], two["layers"], 1e-9);
        Assert.Equal(alone["rows"], two["rows"], 1e-9);
        Assert.Equal(alone["weights"] * 20 / 15, two["weights"], 1e-9);
        Assert.Equal(25, Of(Plain() with { Threads = 2 }, 8)["wake-up"]);
        Assert.Equal(alone["layers"] / 2, Of(Plain() with { Threads = 2 }, 8)["layers"], 1e-9);
    }

    [Theory]
    [InlineData(16, 40e6)]
    [InlineData(24, 26.666666666e6)]
    [InlineData(32, 20e6)]
    [InlineData(64, 10e6)]
    public void Of_RowsOfAnyWidth_TakeTimeBetweenThoseMeasured(int dim, double rowsPerSecond)
    {
        // 64 bytes measured, 96 between, 128 measured, 256 beyond the widest.
        var card = SmallCards.Card(4, [SmallCards.Feature("a", 1000, dim)], [8]);
        var point = new PathPoints(card, Limits).Of(Plain(), 1);
        Assert.Equal(1e6 / rowsPerSecond, point.Terms[3], 1e-6);
    }

    [Fact]
    public void Of_Dhe_HasDecodersAndNoRows()
    {
        var point = Of(Plain() with { Representation = RepresentationCatalog.Parse("dhe(k=32,decoder=16)", "a test") }, 4);
        Assert.Equal(0, point["rows"]);

        // 26 features: k = 32 hashes at 8 operations; 32 → 16 → 16.
        Assert.Equal(4 * 26 * 32 * 8 / 100e3, point["hashes"], 1e-9);
        Assert.Equal(4 * 26 * 2 * ((32 * 16) + (16 * 16)) / 100e3, point["decoders"], 1e-9);

        // A layer, its activation and a layer each, in one chunk of ids, beside those of the dense graph.
        Assert.Equal(26 * 3 * 5, point["operators"] - Of(Plain(), 4)["operators"], 1e-9);

        // 32 encoded hashes, then 16, 16 and 16 elements.
        Assert.Equal(4 * 4.0 * 26 * (32 + 48) / 20e3, point["values"] - Of(Plain(), 4)["values"], 1e-9);
    }

    [Fact]
    public void Of_ChunksOfIds_RunTheirOperatorsAgain()
    {
        var dhe = Plain() with { Representation = RepresentationCatalog.Parse("dhe(k=32,decoder=16)", "a test") };
        Assert.Equal(Of(dhe, 1)["operators"], Of(dhe, 256)["operators"], 1e-9);
        Assert.Equal(26 * 3 * 5, Of(dhe, 257)["operators"] - Of(dhe, 256)["operators"], 1e-9);
    }

    [Theory]
    [InlineData(640, 0.1)]
    [InlineData(6_400_000, 1)]
    public void Of_RowsThatFitTheCache_AreCountedApart(long cacheBytes, double cached)
    {
        // A hundred rows of 16 fp32 elements.
        var card = SmallCards.Card(4, [SmallCards.Feature("a", 100, 16)], [8]);
        var point = new PathPoints(card, Limits, new CacheSizes { L3Bytes = cacheBytes }).Of(Plain(), 1);
        Assert.Equal((1 - cached) / 40, point.Terms[3], 1e-9);
        Assert.Equal(cached / 40, point.Terms[4], 1e-9);
    }

    [Fact]
    public void Of_EveryFieldOfAConfiguration_ShowsInALevel()
    {
        var plain = Plain();
        var dhe = RepresentationCatalog.Parse("dhe(k=32,decoder=16)", "a test");
        Configuration[] changed =
        [
            plain with { TablePrecision = TablePrecision.Int8 },
            plain with { DensePrecision = "int8" },
            plain with { Placement = TablePlacement.Mapped },
            plain with { Representation = dhe, CacheBytes = 1 << 20 },
            plain with { Representation = dhe, Centroids = 64 },
            plain with { Threads = 2 },
            plain with { Instances = 2 },
            plain with { Runtime = new RuntimeOptions { Spinning = true } },
            plain with { Runtime = new RuntimeOptions { Pinned = false } },
        ];
        var levels = points.Of(plain, 1).Levels;
        Assert.Equal(PathPoints.Knobs.Count, levels.Count);
        Assert.All(changed, configuration => Assert.Equal(1, Different(points.Of(configuration, 1).Levels, points.Of(configuration.Representation == dhe ? plain with { Representation = dhe } : plain, 1).Levels)));

        // Two of a kind are more alike than two kinds.
        var (few, many) = (Represented("tt(rank=4)"), Represented("tt(rank=16)"));
        Assert.Equal((1, 2), (Different(few, many), Different(few, levels)));

        IReadOnlyList<string> Represented(string text) => points.Of(plain with { Representation = RepresentationCatalog.Parse(text, "a test") }, 1).Levels;

        static int Different(IReadOnlyList<string> left, IReadOnlyList<string> right) => left.Zip(right).Count(pair => pair.First != pair.Second);
    }

    [Fact]
    public void Of_NoLimits_StillTellsWorkApart()
    {
        var unmeasured = new PathPoints(Card, limits: null);
        var (fp32, int8) = (unmeasured.Of(Plain(), 64), unmeasured.Of(Plain() with { DensePrecision = "int8" }, 64));
        Assert.All(fp32.Terms, term => Assert.True(double.IsFinite(term) && term >= 0));
        Assert.True(int8.Terms[7] < fp32.Terms[7]);
    }

    private Dictionary<string, double> Of(Configuration configuration, int batch)
    {
        var point = points.Of(configuration, batch);
        Assert.Equal(batch, point.Batch);
        return PathPoints.Terms.Zip(point.Terms).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }

    private static Configuration Plain() => SearchSpace.ForCpu(1).Configurations[0];
}
