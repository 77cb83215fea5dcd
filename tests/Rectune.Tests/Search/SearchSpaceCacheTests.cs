using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Planning;
using Rectune.Core.Representations;
using Rectune.Core.Search;
using Rectune.Core.Workloads;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Search;

/// <summary>The cache of finished vectors as a planned quantity.</summary>
public sealed class SearchSpaceCacheTests
{
    private static readonly ModelCard Bags = RepresentationCards.Bags();

    [Fact]
    public void ForCpu_Caches_VaryWhereIdsAreHashed()
    {
        var knobs = Knobs(Bags, "representation=table,dhe,select,select(rows=1000),qr", "table-precision=int8", "cache=0,4KiB,1MiB", "instances=1", "threads=1");
        Assert.Equal(
            [
                "table-int8-cpu-i1-t1",
                "dhe-fp32-cpu-i1-t1", "dhe-fp32-cpu-i1-t1-cache.4096", "dhe-fp32-cpu-i1-t1-cache.1048576",
                "select-int8-cpu-i1-t1",
                "select(rows=1000)-int8-cpu-i1-t1", "select(rows=1000)-int8-cpu-i1-t1-cache.4096", "select(rows=1000)-int8-cpu-i1-t1-cache.1048576",
                "qr-int8-cpu-i1-t1",
            ],
            SearchSpace.ForCpu(1, knobs, Bags).Configurations.Select(c => c.Id()));
    }

    [Fact]
    public void ForCpu_CacheAskedWhereNothingIsHashed_IsRefused()
    {
        var refused = Assert.Throws<InvalidInputException>(() => SearchSpace.ForCpu(1, Knobs(Bags, "representation=table,qr", "cache=1MiB"), Bags));
        Assert.Contains("--set cache: found a cache of vectors, but none of table, qr hashes ids", refused.Message, StringComparison.Ordinal);
        Assert.All(SearchSpace.ForCpu(1, Knobs(Bags, "cache=0"), Bags).Configurations, c => Assert.Equal(0, c.CacheBytes));
    }

    /// <summary>A space is written for many models, and one that has no use for its caches searches the rest of it.</summary>
    [Fact]
    public void ForCpu_SpaceWithCaches_LeavesThemOutWhereNothingIsHashed()
    {
        var cpu = new Cpu { Name = "plain", Architecture = "x64", Cores = 2, NumaNodes = 1, InstructionSets = [] };
        var knobs = SpaceKnobs.Of(Spaces.Named("mprec", "a test"), Bags, cpu, long.MaxValue);
        Assert.Equal([0, 2 << 20, 16 << 20], SearchSpace.ForCpu(2, knobs, Bags).Configurations.Select(c => c.CacheBytes).Distinct());
        Assert.All(SearchSpace.ForCpu(2, knobs.With("representation=table", Bags), Bags).Configurations, c => Assert.Equal(0, c.CacheBytes));
    }

    [Theory]
    [InlineData("cache=16", "found '16', expected a size with a unit")]
    [InlineData("cache=0MiB", "expected a size with a unit")]
    [InlineData("cach=1MiB", "did you mean 'cache'?")]
    public void With_MalformedCache_SaysWhatIsExpected(string setting, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidInputException>(() => new SpaceKnobs().With(setting, Bags)).Message, StringComparison.Ordinal);

    /// <summary>
    /// On a card of one table of 1000 ids used alike, the cache keeps half of them: half the hashes, half the decoders' work, and each id is looked for in the cache.
    /// </summary>
    [Fact]
    public void Points_Cache_LeavesTheMissesToTheDecoder()
    {
        var card = SmallCards.Card(4, [SmallCards.Feature("a", 1000, 16)], [8]);
        var points = new PathPoints(card, SampleRecords.Limits(), caches: null, SkewText.Of(0, Provenance.Assumed));
        var plain = SearchSpace.ForCpu(1).Configurations[0] with { Representation = RepresentationCatalog.Parse("dhe(k=32,decoder=16)", "a test") };
        var (without, with) = (Terms(points.Of(plain, 100)), Terms(points.Of(plain with { CacheBytes = 128 + (500 * 80) }, 100)));
        Assert.Equal(without["hashes"] / 2, with["hashes"], 1e-9);
        Assert.Equal(without["decoders"] / 2, with["decoders"], 1e-9);

        // 100 ids at 64 bytes each, 40 million a second.
        Assert.Equal((0, 100 / 40.0), (without["rows"], with["rows"]));
        Assert.Equal(50 * 4.0 * (32 + 48) / 20e3, without["values"] - with["values"], 1e-9);
        Assert.Equal(without["layers"], with["layers"]);

        // Everything cached runs no decoder.
        var all = Terms(points.Of(plain with { CacheBytes = 1 << 20 }, 100));
        Assert.Equal((0, 0), (all["hashes"], all["decoders"]));
        Assert.Equal(3 * 5, without["operators"] - all["operators"], 1e-9);
    }

    [Fact]
    public void Points_SkewOfTheWorkload_DecidesTheHits()
    {
        var card = RepresentationCards.CriteoKaggle();
        var cached = SearchSpace.ForCpu(1).Configurations[0] with { Representation = RepresentationCatalog.Parse("dhe", "a test"), CacheBytes = 4 << 20 };
        var (even, cards, steep) = (Decoders(SkewText.Of(0, Provenance.Assumed)), Decoders(skew: null), Decoders(SkewText.Of(1.5, Provenance.Assumed)));
        Assert.True(even > cards && cards > 3 * steep, $"{even}, {cards}, {steep}");
        Assert.Equal(cards, Decoders(SkewText.Of(card.Skew.ZipfExponent, Provenance.Assumed)));

        double Decoders(IndexSkew? skew) => Terms(new PathPoints(card, SampleRecords.Limits(), caches: null, skew).Of(cached, 64))["decoders"];
    }

    /// <summary>
    /// One table of 16 elements: 80 bytes an entry, and a weight of 4. Two instances count hits of every entry in 4 bytes and misses in 4096 · 8. All of it twice, since a refresh fills
    /// the next cache beside the one in use.
    /// </summary>
    [Fact]
    public void Memory_Cache_CountsTwiceWithWhatIsCounted()
    {
        var card = SmallCards.Card(4, [SmallCards.Feature("a", 1000, 16)], [8]);
        var plain = SearchSpace.ForCpu(2).Configurations[0] with { Representation = RepresentationCatalog.Parse("dhe(k=4,decoder=2)", "a test"), Instances = 2 };
        var cached = plain with { CacheBytes = 80_000 };
        Assert.Equal(2 * (80_000 + 4_000 + (2 * (4_000 + 32_768))), PathMemory.Bytes(card, cached, 64) - PathMemory.Bytes(card, plain, 64));
    }

    private static SpaceKnobs Knobs(ModelCard card, params string[] settings) => settings.Aggregate(new SpaceKnobs(), (knobs, setting) => knobs.With(setting, card));

    private static Dictionary<string, double> Terms(Rectune.Core.CostModels.PathPoint point) =>
        PathPoints.Terms.Zip(point.Terms).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
}
