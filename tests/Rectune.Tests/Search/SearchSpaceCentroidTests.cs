using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Planning;
using Rectune.Core.Representations;
using Rectune.Core.Search;
using Rectune.Core.Workloads;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Search;

/// <summary>Centroids in the place of decoders as a planned quantity, off unless asked for.</summary>
public sealed class SearchSpaceCentroidTests
{
    private static readonly ModelCard Bags = RepresentationCards.Bags();

    [Fact]
    public void ForCpu_Centroids_VaryWhereIdsAreHashed()
    {
        var knobs = Knobs("representation=table,dhe,qr", "table-precision=int8", "cache=0,4KiB", "centroids=64,0,256", "instances=1", "threads=1");
        Assert.Equal(
            [
                "table-int8-cpu-i1-t1",
                "dhe-fp32-cpu-i1-t1", "dhe-fp32-cpu-i1-t1-centroids.64", "dhe-fp32-cpu-i1-t1-centroids.256",
                "dhe-fp32-cpu-i1-t1-cache.4096", "dhe-fp32-cpu-i1-t1-cache.4096-centroids.64", "dhe-fp32-cpu-i1-t1-cache.4096-centroids.256",
                "qr-int8-cpu-i1-t1",
            ],
            SearchSpace.ForCpu(1, knobs, Bags).Configurations.Select(c => c.Id()));
    }

    [Fact]
    public void ForCpu_CentroidsWithoutACache_AreSearchedAlone() =>
        Assert.Equal(["dhe-fp32-cpu-i1-t1-centroids.64"], SearchSpace.ForCpu(1, Knobs("representation=dhe", "centroids=64"), Bags).Configurations.Select(c => c.Id()));

    [Fact]
    public void ForCpu_EverySpaceOfTheProject_HasNone()
    {
        var cpu = new Cpu { Name = "plain", Architecture = "x64", Cores = 2, NumaNodes = 1, InstructionSets = ["avx512vnni"] };
        foreach (var name in Spaces.Names)
        {
            var knobs = SpaceKnobs.Of(Spaces.Named(name, "a test"), Bags, cpu, memoryLimitBytes: 1 << 10);
            Assert.All(SearchSpace.ForCpu(2, knobs, Bags).Configurations, c => Assert.Null(c.Centroids));
        }
    }

    [Fact]
    public void ForCpu_CentroidsAskedWhereNothingIsHashed_AreRefused()
    {
        var refused = Assert.Throws<InvalidInputException>(() => SearchSpace.ForCpu(1, Knobs("representation=table,qr", "centroids=64", "cache=1MiB"), Bags));
        Assert.Equal(2, refused.Problems.Count);
        Assert.Contains("--set centroids: found centroids, but none of table, qr hashes ids of this model", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--set cache: found a cache of vectors", refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(SearchSpace.ForCpu(1, Knobs("centroids=0"), Bags).Configurations);
    }

    [Theory]
    [InlineData("centroids=x", "--set centroids: found 'x', expected a whole number from 1 to 4096")]
    [InlineData("centroids=-1", "found '-1'")]
    [InlineData("centroids=4097", "found '4097'")]
    [InlineData("centroid=64", "did you mean 'centroids'?")]
    public void With_Malformed_SaysWhatIsExpected(string setting, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidInputException>(() => new SpaceKnobs().With(setting, Bags)).Message, StringComparison.Ordinal);

    /// <summary>A table of 1000 ids used alike, half of them cached: the other half is hashed as before and then multiplied with 64 centroids of 32 elements.</summary>
    [Fact]
    public void Points_Centroids_TakeTheDecodersWork()
    {
        var card = SmallCards.Card(4, [SmallCards.Feature("a", 1000, 16)], [8]);
        var points = new PathPoints(card, SampleRecords.Limits(), caches: null, SkewText.Of(0, Provenance.Assumed));
        var cached = SearchSpace.ForCpu(1).Configurations[0] with { Representation = RepresentationCatalog.Parse("dhe(k=32,decoder=512-256)", "a test"), CacheBytes = 128 + (500 * 80) };
        var (decoded, similar) = (Terms(points.Of(cached, 100)), Terms(points.Of(cached with { Centroids = 64 }, 100)));
        Assert.Equal(decoded["decoders"] * 2 * 64 * 32 / (2 * ((32 * 512) + (512 * 256) + (256 * 16))), similar["decoders"], 1e-9);
        Assert.Equal(50 * 2.0 * 64 * 32 / 100e3, similar["decoders"], 1e-9);
        Assert.Equal(decoded["hashes"], similar["hashes"]);
        Assert.Equal(decoded["rows"], similar["rows"]);
        Assert.Equal(decoded["layers"], similar["layers"]);
        Assert.True(similar["operators"] < decoded["operators"] && similar["values"] < decoded["values"]);
    }

    /// <summary>64 centroids of 4 + 16 elements once for all instances and once for each, where a decoder has 4·2 + 2 + 2·16 + 16.</summary>
    [Fact]
    public void Memory_Centroids_CountOnceAndInEveryInstance()
    {
        var card = SmallCards.Card(4, [SmallCards.Feature("a", 1000, 16)], [8]);
        var decoded = SearchSpace.ForCpu(2).Configurations[0] with { Representation = RepresentationCatalog.Parse("dhe(k=4,decoder=2)", "a test"), Instances = 2 };
        Assert.Equal(
            (3 * 64 * (4 + 16) * 4) - (2 * (8 + 2 + 32 + 16) * 4), PathMemory.Bytes(card, decoded with { Centroids = 64 }, 64) - PathMemory.Bytes(card, decoded, 64));
    }

    [Fact]
    public void Text_Configuration_NamesCentroidsOnlyWhereThereAreAny()
    {
        var plain = SampleRecords.Configuration();
        Assert.Null((plain with { Centroids = 0 }).Centroids);
        Assert.Equal(plain, plain with { Centroids = 0 });
        Assert.DoesNotContain("centroids", plain.Id() + RecordText.WriteLine(plain), StringComparison.OrdinalIgnoreCase);
        var text = RecordText.WriteLine(plain with { Centroids = 256 });
        Assert.Contains("\"centroids\":256", text, StringComparison.Ordinal);
        Assert.Equal(256, RecordText.Read<Configuration>(text, "a test").Centroids);
        Assert.Equal(plain.Id(), RecordText.Read<Configuration>(text.Replace(":256", ":0", StringComparison.Ordinal), "a test").Id());
    }

    [Fact]
    public void Read_PlanWithTooManyCentroids_IsRefused()
    {
        var plan = SampleRecords.Plan();
        var many = PlanFormat.Seal(plan with { Paths = [plan.Paths[0] with { Configuration = plan.Paths[0].Configuration with { Centroids = 5000 } }, .. plan.Paths.Skip(1)] });
        var refused = Assert.Throws<InvalidInputException>(() => PlanFormat.Read(PlanFormat.Write(many), "plan.json"));
        Assert.Contains("$.paths[0].configuration.centroids: found 5000, expected at most 4096", refused.Message, StringComparison.Ordinal);
    }

    private static SpaceKnobs Knobs(params string[] settings) => settings.Aggregate(new SpaceKnobs(), (knobs, setting) => knobs.With(setting, Bags));

    private static Dictionary<string, double> Terms(PathPoint point) => PathPoints.Terms.Zip(point.Terms).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
}
