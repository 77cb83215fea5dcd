using Rectune.Engine.Hardware;
using Xunit;

namespace Rectune.Tests.Hardware;

public sealed class NvidiaSmiTests
{
    [Fact]
    public void Parse_TwoGpus_KeepsOrder() =>
        Assert.Equal(
            [new Gpu(0, "NVIDIA H200", 143771L << 20, "570.86.15"), new Gpu(1, "Tesla T4", 15360L << 20, "570.86.15")],
            NvidiaSmi.Parse(Dumps.TwoGpus));

    [Fact]
    public void Parse_MemoryNotTold_IsZero() =>
        Assert.Equal([new Gpu(0, "NVIDIA GB10", 0, "580.1")], NvidiaSmi.Parse("index, name, memory.total [MiB], driver_version\n0, NVIDIA GB10, [N/A], 580.1\n"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("No devices were found\n")]
    [InlineData("index, name, memory.total [MiB], driver_version\n")]
    [InlineData("index, name, memory.total [MiB], driver_version\nError 1: x\n")]
    public void Parse_NoDevice_IsEmpty(string? text) => Assert.Empty(NvidiaSmi.Parse(text));

    [Fact]
    public void Run_NoTool_IsNull() => Assert.Null(NvidiaSmi.Run("nvidia-smi-that-does-not-exist"));
}
