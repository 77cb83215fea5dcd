using Rectune.Core.Domain;
using Rectune.Engine.Kernels;
using Rectune.Engine.Sessions;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Sessions;

public sealed class InstanceSetupTests
{
    [Fact]
    public void HelperAffinities_ThreeThreadsOnFiveCores_NameThoseOfTheSecondAndThirdFromOne() =>
        Assert.Equal("3,4;5,6", new InstanceSetup(3, new RuntimeOptions(), CoreSet.Of(0, 2, 3, 4, 5)).HelperAffinities());

    [Fact]
    public void HelperAffinities_NobodyToBind_AreNone()
    {
        Assert.Null(InstanceSetup.Caller.HelperAffinities());
        Assert.Null(new InstanceSetup(1, new RuntimeOptions(), CoreSet.Of(0, 1)).HelperAffinities());
        Assert.Null(new InstanceSetup(4, new RuntimeOptions(), CoreSet.Any).HelperAffinities());
    }

    [Fact]
    public void Of_SecondOfTwoInstances_HasTheSecondShare()
    {
        var configuration = Configuration(instances: 2);
        Assert.Equal(CoreSet.Allowed.Share(1, 2).Cores, InstanceSetup.Of(configuration, 1).Cores.Cores);
    }

    [Fact]
    public void Of_UnpinnedConfiguration_LeavesThreadsAlone() =>
        Assert.Empty(InstanceSetup.Of(Configuration(instances: 1) with { Runtime = new RuntimeOptions { Pinned = false } }, 0).Cores.Cores);

    [Fact]
    public void Of_CoresAreChosen_SharesTheseWhateverTheConfigurationSays()
    {
        var unpinned = Configuration(instances: 2) with { Runtime = new RuntimeOptions { Pinned = false } };
        Assert.Equal([3, 1], InstanceSetup.Of(unpinned, 1, chosen: CoreSet.InOrder(8, 2, 3, 1)).Cores.Cores);
    }

    [Fact]
    public void Renew_CoresWereChosenForTheReplacedInstance_AreThoseOfItsSuccessor()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "binding is for Linux");
        var last = CoreSet.Allowed.Cores[^1];
        using var tables = TinyModel.Tables(seed: 11);
        var graphs = new ModelGraphs(TinyModel.Card(), 11);
        var unpinned = TinyModel.Configuration() with { Runtime = new RuntimeOptions { Pinned = false } };
        using var first = Assert.Single(PathInstances.Load(graphs, TinyModel.Open(graphs, tables, TablePrecision.Fp32), unpinned, 16, cores: CoreSet.Of(last)));
        using var renewed = first.Renew();
        var seen = "";
        var thread = new Thread(() =>
        {
            renewed.BindCaller();
            seen = File.ReadAllText("/proc/thread-self/status");
        });
        thread.Start();
        thread.Join();
        Assert.Contains($"Cpus_allowed_list:\t{last}\n", seen, StringComparison.Ordinal);
    }

    [Fact]
    public void Near_ThreadOfItsOwn_IsOnTheInstancesCoresAndTellsFailures()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "binding is for Linux");
        var configuration = Configuration(CoreSet.Allowed.Cores.Count);
        for (var instance = 0; instance < configuration.Instances; instance++)
        {
            var seen = InstanceSetup.Of(configuration, instance).Near(() => File.ReadAllText("/proc/thread-self/status"));
            Assert.Contains($"Cpus_allowed_list:\t{CoreSet.Allowed.Cores[instance]}\n", seen, StringComparison.Ordinal);
        }

        Assert.Equal("why", Assert.Throws<InvalidOperationException>(() => InstanceSetup.Of(configuration, 0).Near<int>(() => throw new InvalidOperationException("why"))).Message);
    }

    private static Configuration Configuration(int instances) => new()
    {
        Representation = Representation.Table,
        TablePrecision = TablePrecision.Fp32,
        Device = "cpu",
        Threads = 1,
        Instances = instances,
    };
}
