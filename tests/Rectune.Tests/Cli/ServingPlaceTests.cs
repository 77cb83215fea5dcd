using Rectune.Cli;
using Rectune.Core.Formats;
using Rectune.Engine.Hardware;
using Rectune.Engine.Kernels;
using Rectune.Engine.Serving.Http;
using Rectune.Tests.Fakes;
using Rectune.Tests.Hardware;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class ServingPlaceTests : IDisposable
{
    private const long TwentyMebibytes = 20 << 20;

    private readonly RecordingWiring wiring = new();

    public void Dispose() => wiring.Dispose();

    [Theory]
    [InlineData("4000", "--pin: found 4000, ")]
    [InlineData("a", "--pin: found 'a', expected core numbers up to 4095 and ranges of them, joined by commas, such as 2-5,8")]
    [InlineData("1-3,2", "--pin: found core 2 twice, expected each once")]
    public void Apply_CoresThatCannotBe_EndsWithTwoBeforeAnythingIsLoaded(string cores, string expected)
    {
        wiring.Write("plan.json", PlanFormat.Write(SampleRecords.Plan()));
        Assert.Equal(ExitCodes.Input, wiring.Run("apply", Path.Combine(wiring.Folder, "plan.json"), "--allow-stale", "--pin", cores));
        Assert.Contains(expected, wiring.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("generating", wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_HugePagesOfAnotherKind_EndsWithTwo()
    {
        wiring.Write("plan.json", PlanFormat.Write(SampleRecords.Plan()));
        Assert.Equal(ExitCodes.Input, wiring.Run("apply", Path.Combine(wiring.Folder, "plan.json"), "--allow-stale", "--huge-pages", "on"));
        Assert.Contains("--huge-pages: found 'on'", wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_NothingAskedForOnOneNode_TellsWhatIs()
    {
        using var folder = new SystemFolder().With("/sys/devices/system/node/online", "0").With("/sys/devices/system/node/node0/cpulist", "0-63");
        var place = new ServingPlace(null, hugePages: true, new SystemFiles(folder.Root));
        var use = new TableMemoryUse { Bytes = TwentyMebibytes, HugePageBytes = TwentyMebibytes / 2 };
        var plan = SampleRecords.Plan();
        Assert.Equal($"instances and everything else share cores {All}; one NUMA node; 20MiB of tables, 10MiB of them in huge pages", place.Text(plan, use));
        Assert.EndsWith("the system does not tell how much of them lies in huge pages", place.Text(plan, use with { HugePageBytes = null }), StringComparison.Ordinal);
        Assert.EndsWith("; no tables in memory", place.Text(plan, use with { Bytes = 0 }), StringComparison.Ordinal);
        Assert.Equal(
            new ServingPlaceNotice { InstanceCores = All, OtherCores = All, NumaNodes = 1, TableBytes = TwentyMebibytes, HugePageBytes = TwentyMebibytes / 2 }, place.Notice(plan, use));
    }

    [Fact]
    public void Text_PinnedOnOneOfTwoNodes_NamesCoresAndNode()
    {
        Assert.SkipUnless(CoreSet.Allowed.Cores.Count > 1, "an instance and everything else want two cores");
        var cores = CoreSet.Allowed.Cores;
        var plan = SampleRecords.Plan();
        plan = plan with { Paths = [plan.Paths[0] with { Configuration = plan.Paths[0].Configuration with { Instances = 1 } }] };
        using var folder = new SystemFolder()
            .With("/sys/devices/system/node/online", "0-1")
            .With("/sys/devices/system/node/node0/cpulist", CoreListText.Text([.. cores.Skip(1)]))
            .With("/sys/devices/system/node/node1/cpulist", CoreListText.Text([.. cores.Take(1)]));
        var place = new ServingPlace([cores[0], cores[1]], hugePages: false, new SystemFiles(folder.Root));
        var text = place.Text(plan, new TableMemoryUse { Bytes = TwentyMebibytes, HugePageBytes = 0 });
        Assert.StartsWith($"instances on cores {cores[0]}, everything else on {CoreListText.Text([.. cores.Skip(1)])}; 2 NUMA nodes, tables on node 1; ", text, StringComparison.Ordinal);
        Assert.EndsWith("in huge pages (--huge-pages off)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_AllCoresPinnedOverTwoNodes_SharesThemAndSpreadsTheTables()
    {
        Assert.SkipUnless(CoreSet.Allowed.Cores.Count == 2, "the plan has two threads");
        var cores = CoreSet.Allowed.Cores;
        using var folder = new SystemFolder()
            .With("/sys/devices/system/node/online", "0-1")
            .With("/sys/devices/system/node/node0/cpulist", $"{cores[0]}")
            .With("/sys/devices/system/node/node1/cpulist", $"{cores[1]}");
        var place = new ServingPlace([.. cores], hugePages: true, new SystemFiles(folder.Root));
        var text = place.Text(SampleRecords.Plan(), new TableMemoryUse { Bytes = 0 });
        Assert.Equal($"instances on cores {All}, which everything else shares since none is left; 2 NUMA nodes, tables spread over nodes 0-1; no tables in memory", text);
    }

    private static string All => CoreListText.Text(CoreSet.Allowed.Cores);
}
