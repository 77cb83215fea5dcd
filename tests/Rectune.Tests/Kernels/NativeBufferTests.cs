using Rectune.Core.Domain;
using Rectune.Engine.Hardware;
using Rectune.Engine.Kernels;
using Xunit;

namespace Rectune.Tests.Kernels;

public sealed unsafe class NativeBufferTests
{
    [Theory]
    [InlineData(1, 4096)]
    [InlineData(100_000, 4096)]
    [InlineData(5_000_000, 2 << 20)]
    public void Pointer_IsAlignedAndWritableToTheLastByte(long bytes, long alignment)
    {
        using var buffer = new NativeBuffer(bytes);
        Assert.Equal(0, (long)buffer.Pointer % alignment);
        buffer.Pointer[bytes - 1] = 42;
        Assert.Equal(42, buffer.Pointer[bytes - 1]);
        Assert.Equal(bytes, buffer.Bytes);
    }

    [Fact]
    public void HugePagesAdvised_LargeBufferOnly_WhereTheSystemHasThem()
    {
        using var small = new NativeBuffer(100_000);
        using var large = new NativeBuffer(5_000_000);
        Assert.False(small.HugePagesAdvised);
        if (Directory.Exists("/sys/kernel/mm/transparent_hugepage"))
        {
            Assert.True(large.HugePagesAdvised);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Place_HugePages_AreHadOnlyWhereTheyAreWanted(bool wanted)
    {
        using var buffer = new NativeBuffer(16 << 20);
        buffer.Place(new TableMemory { HugePages = wanted, Nodes = [0] });
        new Span<byte>(buffer.Pointer, 16 << 20).Fill(1);
        var huge = HugePageUse.Bytes(new SystemFiles(), [((long)buffer.Pointer, buffer.Bytes)]);
        Assert.InRange(huge ?? 0, 0, wanted ? buffer.Bytes : 0);
        Assert.True(wanted || !buffer.HugePagesAdvised);
        Assert.Equal(1, buffer.Pointer[buffer.Bytes - 1]);
    }

    [Fact]
    public void Place_LessThanAPage_IsLeftAsItIs()
    {
        using var buffer = new NativeBuffer(100);
        buffer.Place(new TableMemory { HugePages = false, Nodes = [0, 1] });
        buffer.Pointer[99] = 7;
        Assert.Equal(7, buffer.Pointer[99]);
    }

    [Fact]
    public void Pointer_AfterDispose_IsNull()
    {
        var buffer = new NativeBuffer(64);
        buffer.Dispose();
        buffer.Dispose();
        Assert.True(buffer.Pointer is null);
    }

    [Fact]
    public void Constructor_Exabyte_SaysHowMuchIsNeeded()
    {
        var missing = Assert.Throws<MissingResourceException>(() => new NativeBuffer(1L << 60));
        Assert.Contains((1L << 60).ToString(), missing.Message);
    }
}
