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
    public void Of_UnpinnedConfiguration_LeavesThreadsAlone()
    {
        var configuration = new Configuration
        {
            Representation = Representation.Table,
            TablePrecision = TablePrecision.Fp32,
            Device = "cpu",
            Threads = 2,
            Instances = 1,
            Runtime = new RuntimeOptions { Pinned = false },
        };
        Assert.Empty(InstanceSetup.Of(configuration, 0).Cores.Cores);
    }
}
