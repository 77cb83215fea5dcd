using Rectune.Engine.Hardware;
using Xunit;

namespace Rectune.Tests.Hardware;

public sealed class HugePageUseTests
{
    /// <summary>8 MiB of which 6 lie in huge pages, 4 MiB of a file, and 4 MiB of which 2 do.</summary>
    private const string Mappings = """
        7f0000000000-7f0000800000 rw-p 00000000 00:00 0
        Size:               8192 kB
        Rss:                8192 kB
        AnonHugePages:      6144 kB
        VmFlags: rd wr mr mw me ac sd hg
        7f0000800000-7f0000c00000 r--s 00000000 08:01 1234                       /data/a-b.tables
        AnonHugePages:         0 kB
        7f0001000000-7f0001400000 rw-p 00000000 00:00 0
        AnonHugePages:      2048 kB
        ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
        AnonHugePages:         0 kB
        """;

    [Theory]
    [InlineData(0x7f0000000000, 8 << 20, 6 << 20)]
    [InlineData(0x7f0000000000, 2 << 20, 2 << 20)]
    [InlineData(0x7f0000400000, 8 << 20, 4 << 20)]
    [InlineData(0x7f0000c00000, 4 << 20, 0)]
    [InlineData(0x7f0001000000, 4 << 20, 2 << 20)]
    [InlineData(0x7f0000000000, 32 << 20, 8 << 20)]
    public void Bytes_Regions_CountNoMoreThanHasRoomInThem(long start, long bytes, long expected)
    {
        using var folder = new SystemFolder().With("/proc/self/smaps", Mappings);
        Assert.Equal(expected, HugePageUse.Bytes(new SystemFiles(folder.Root), [(start, bytes)]));
    }

    [Fact]
    public void Bytes_SeveralRegions_AreSummed()
    {
        using var folder = new SystemFolder().With("/proc/self/smaps", Mappings);
        Assert.Equal(4 << 20, HugePageUse.Bytes(new SystemFiles(folder.Root), [(0x7f0000000000, 2 << 20), (0x7f0001000000, 4 << 20)]));
        Assert.Equal(0, HugePageUse.Bytes(new SystemFiles(folder.Root), []));
    }

    [Fact]
    public void Bytes_SystemThatDoesNotTell_IsUnknown()
    {
        using var nothing = new SystemFolder();
        Assert.Null(HugePageUse.Bytes(new SystemFiles(nothing.Root), [(0, 1)]));
        using var old = new SystemFolder().With("/proc/self/smaps", "7f0000000000-7f0000800000 rw-p 00000000 00:00 0\nRss: 8192 kB");
        Assert.Null(HugePageUse.Bytes(new SystemFiles(old.Root), [(0x7f0000000000, 1)]));
    }
}
