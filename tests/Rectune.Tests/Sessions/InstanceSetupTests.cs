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

    private static Configuration Configuration(int instances) => new()
    {
        Representation = Representation.Table,
        TablePrecision = TablePrecision.Fp32,
        Device = "cpu",
        Threads = 1,
        Instances = instances,
    };
}
