using Rectune.Core.Domain;
using Rectune.Engine.Kernels;
using Rectune.Engine.Sessions;
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
    public void Near_ThreadOfItsOwn_IsOnTheInstancesCoresAndTellsFailures()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "binding is for Linux");
        var configuration = Configuration(CoreSet.Allowed.Cores.Count);
        for (var instance = 0; instance < configuration.Instances; instance++)
        {
            var seen = InstanceSetup.Near(configuration, instance, () => File.ReadAllText("/proc/thread-self/status"));
            Assert.Contains($"Cpus_allowed_list:\t{CoreSet.Allowed.Cores[instance]}\n", seen, StringComparison.Ordinal);
        }

        Assert.Equal("why", Assert.Throws<InvalidOperationException>(() => InstanceSetup.Near<int>(configuration, 0, () => throw new InvalidOperationException("why"))).Message);
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
