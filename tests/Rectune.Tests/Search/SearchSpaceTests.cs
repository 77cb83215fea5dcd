using Rectune.Core.Domain;
using Rectune.Core.Search;
using Xunit;

namespace Rectune.Tests.Search;

public sealed class SearchSpaceTests
{
    [Fact]
    public void ForCpu_TwoCores_IsTheHandWrittenList()
    {
        string[] divisions = ["i1-t1", "i1-t2", "i2-t1"];
        var expected = new[] { "fp32", "fp16", "int8", "int4" }.SelectMany(precision => divisions.Select(division => $"table-{precision}-cpu-{division}"));
        Assert.Equal(expected, SearchSpace.ForCpu(2).Configurations.Select(c => c.Id()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(64)]
    public void ForCpu_AnyCores_NeverAsksForMoreAndUsesAll(int cores)
    {
        var space = SearchSpace.ForCpu(cores);
        Assert.All(space.Configurations, c => Assert.InRange(c.Cores(), 1, cores));
        Assert.Contains(space.Configurations, c => c.Instances == cores && c.Threads == 1);
        Assert.Contains(space.Configurations, c => c.Instances == 1 && c.Threads == cores);
        Assert.Equal(space.Configurations.Count, space.Configurations.Select(c => c.Id()).Distinct().Count());
    }

    [Fact]
    public void ForCpu_SpinningThreads_LeaveACore()
    {
        var spinning = SearchSpace.ForCpu(4).Configurations.Where(c => c.Runtime.Spinning).ToArray();
        Assert.Equal(["i1-t2", "i1-t2", "i1-t2", "i1-t2"], spinning.Select(c => $"i{c.Instances}-t{c.Threads}"));
    }

    [Fact]
    public void ForCpu_Limits_NeverSplitAboveTheBatch() =>
        Assert.All(SearchSpace.ForCpu(2).BatchLimits, limits => Assert.True(limits.SplitSamples <= limits.MaxBatch && limits.MaxBatch <= 1024));

    [Fact]
    public void Sha256_DifferentCores_Differs() => Assert.NotEqual(SearchSpace.ForCpu(2).Sha256(), SearchSpace.ForCpu(4).Sha256());

    [Fact]
    public void Id_EveryFieldOfAConfiguration_IsInIt()
    {
        var plain = SearchSpace.ForCpu(1).Configurations[0];
        Configuration[] changed =
        [
            plain with { Representation = new Representation { Kind = "dhe", Parameters = new Dictionary<string, string> { ["k"] = "2" } } },
            plain with { TablePrecision = TablePrecision.Int8 },
            plain with { DensePrecision = "int8" },
            plain with { GraphVariant = "other" },
            plain with { Device = "cuda:0" },
            plain with { Placement = "device" },
            plain with { Threads = 2 },
            plain with { Instances = 2 },
            plain with { CacheBytes = 1 },
            plain with { Centroids = 1 },
            plain with { Runtime = new RuntimeOptions { Spinning = true } },
            plain with { Runtime = new RuntimeOptions { Pinned = false } },
        ];
        Assert.Equal(changed.Length + 1, changed.Append(plain).Select(c => c.Id()).Distinct().Count());
    }
}
