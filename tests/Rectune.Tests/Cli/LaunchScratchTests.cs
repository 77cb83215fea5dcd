using System.Globalization;
using Rectune.Cli;
using Rectune.Core.Domain;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class LaunchScratchTests
{
    private const long Plenty = 8L << 30;

    [Fact]
    public void Create_SeveralLaunches_ShareTablesThatFit()
    {
        using var scratch = Create(3, Plenty);
        Assert.Equal(3, scratch.Launches);
        Assert.True(Directory.Exists("/dev/shm") == scratch.SharedFolder is not null);
        Assert.True(Directory.Exists(Path.GetDirectoryName(scratch.UnderWayFile)));
    }

    [Fact]
    public void Create_OneLaunch_SharesNothing()
    {
        using var scratch = Create(1, Plenty);
        Assert.Null(scratch.SharedFolder);
        Assert.Equal(1, scratch.Launches);
    }

    [Fact]
    public void Create_NoMemoryForBothCopies_IsOneLaunch()
    {
        var bytes = Core.Representations.RepresentationCatalog.Design(SampleRecords.Card(), Representation.Table).StoredBytes(TablePrecision.Fp32);
        using var scratch = Create(3, bytes);
        Assert.Null(scratch.SharedFolder);
        Assert.Equal(1, scratch.Launches);
    }

    [Fact]
    public void Create_LeftByAKilledProcess_IsSweptAway()
    {
        // No system gives out this number: the largest is 2²².
        var left = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"rectune-launch-{int.MaxValue}"))).FullName;
        LaunchScratch.Sweep();
        string own;
        using (var scratch = Create(1, Plenty))
        {
            Assert.False(Directory.Exists(left));
            own = Path.GetDirectoryName(scratch.UnderWayFile)!;
            Assert.True(Directory.Exists(own));
        }

        Assert.False(Directory.Exists(own));
    }

    private static LaunchScratch Create(int launches, long memory) =>
        LaunchScratch.Create([SampleRecords.Row().Key.Configuration with { Representation = Representation.Table, TablePrecision = TablePrecision.Fp32 }], SampleRecords.Card(), launches, memory);
}
