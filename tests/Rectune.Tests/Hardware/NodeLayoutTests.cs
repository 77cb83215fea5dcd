using Rectune.Engine.Hardware;
using Xunit;

namespace Rectune.Tests.Hardware;

public sealed class NodeLayoutTests
{
    [Fact]
    public void NodesOf_TwoNodes_AreThoseOfTheCores()
    {
        using var folder = new SystemFolder()
            .With("/sys/devices/system/node/online", "0-1").With("/sys/devices/system/node/node0/cpulist", "0-3,8").With("/sys/devices/system/node/node1/cpulist", "4-7");
        var layout = NodeLayout.Read(new SystemFiles(folder.Root));
        Assert.Equal(2, layout.Count);
        Assert.Equal([0, 1], layout.Nodes.Keys);
        Assert.Equal([0, 1, 2, 3, 8], layout.Nodes[0]);
        Assert.Equal([0], layout.NodesOf([1, 8]));
        Assert.Equal([1], layout.NodesOf([7]));
        Assert.Equal([0, 1], layout.NodesOf([5, 2, 6]));

        // Which the system does not know.
        Assert.Empty(layout.NodesOf([99]));
    }

    [Fact]
    public void NodesOf_OneNodeOrNothingTold_LeavesNothingToChoose()
    {
        using var one = new SystemFolder().With("/sys/devices/system/node/online", "0").With("/sys/devices/system/node/node0/cpulist", "0-1");
        using var none = new SystemFolder();
        foreach (var folder in new[] { one, none })
        {
            var layout = NodeLayout.Read(new SystemFiles(folder.Root));
            Assert.Equal(1, layout.Count);
            Assert.Empty(layout.NodesOf([0, 1]));
        }
    }
}
