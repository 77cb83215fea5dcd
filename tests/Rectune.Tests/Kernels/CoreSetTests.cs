using FsCheck;
using FsCheck.Fluent;
using Rectune.Engine.Kernels;
using Xunit;

namespace Rectune.Tests.Kernels;

public sealed class CoreSetTests
{
    [Fact]
    public void Share_MoreCoresThanParts_DividesThemAmongNeighbours()
    {
        var cores = CoreSet.Of(7, 2, 3, 5, 4);
        Assert.Equal([[2], [3, 4], [5, 7]], Enumerable.Range(0, 3).Select(part => cores.Share(part, 3).Cores));
    }

    [Fact]
    public void Share_AnyDivision_IsNeverEmptyAndLosesNoCore() => Prop.ForAll<byte, byte>((cores, parts) =>
    {
        var set = CoreSet.Of(Enumerable.Range(0, cores + 1));
        var shares = Enumerable.Range(0, parts + 1).Select(part => set.Share(part, parts + 1).Cores).ToArray();
        Assert.All(shares, share => Assert.NotEmpty(share));
        Assert.Equal(cores >= parts, shares.Sum(share => share.Count) == cores + 1);
        if (cores >= parts)
        {
            Assert.Equal(set.Cores, shares.SelectMany(share => share));
            Assert.InRange(shares.Max(share => share.Count) - shares.Min(share => share.Count), 0, 1);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Share_InOrder_TakesThemAsTheyWereNamed()
    {
        var cores = CoreSet.InOrder([8, 2, 3, 1]);
        Assert.Equal([[8, 2], [3, 1]], Enumerable.Range(0, 2).Select(part => cores.Share(part, 2).Cores));
        Assert.Throws<ArgumentOutOfRangeException>(() => CoreSet.InOrder([4096]));
    }

    [Fact]
    public void Share_OfNoCoresInParticular_IsNone() => Assert.Empty(CoreSet.Any.Share(1, 2).Cores);

    [Fact]
    public void BindCaller_OneCore_KeepsTheThreadThere()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "binding is for Linux");
        var last = CoreSet.Allowed.Cores[^1];
        int[] seen = [];
        var thread = new Thread(() =>
        {
            CoreSet.Of(last).BindCaller();
            seen = [.. Enumerable.Range(0, 1_000).Select(_ => Thread.GetCurrentProcessorId()).Distinct()];
        });
        thread.Start();
        thread.Join();
        Assert.Equal([last], seen);
    }

    [Fact]
    public void Allowed_OnLinux_IsNotEmpty()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the system tells on Linux");
        Assert.InRange(CoreSet.Allowed.Cores.Count, 1, 4096);
    }
}
