using Rectune.Core.Domain;
using Rectune.Engine.Kernels;
using Rectune.Engine.Sessions;
using Xunit;

namespace Rectune.Tests.Sessions;

public sealed class InstanceThreadsTests
{
    [Fact]
    public void HelperAffinities_ThreeThreadsOnFiveCores_NameThoseOfTheSecondAndThirdFromOne() =>
        Assert.Equal("3,4;5,6", new InstanceThreads(3, new RuntimeOptions(), CoreSet.Of(0, 2, 3, 4, 5)).HelperAffinities());

    [Fact]
    public void HelperAffinities_NobodyToBind_AreNone()
    {
        Assert.Null(InstanceThreads.Caller.HelperAffinities());
        Assert.Null(new InstanceThreads(1, new RuntimeOptions(), CoreSet.Of(0, 1)).HelperAffinities());
        Assert.Null(new InstanceThreads(4, new RuntimeOptions(), CoreSet.Any).HelperAffinities());
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
        Assert.Empty(InstanceThreads.Of(configuration, 0).Cores.Cores);
    }
}
