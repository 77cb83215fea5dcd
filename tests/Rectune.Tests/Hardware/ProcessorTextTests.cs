using Rectune.Engine.Hardware;
using Xunit;

namespace Rectune.Tests.Hardware;

public sealed class ProcessorTextTests
{
    [Fact]
    public void Parse_AmdGuest_IsNamedAndVirtual() =>
        Assert.Equal(new ProcessorText { Name = "AMD EPYC", ThreadsPerCore = 1, Virtual = true }, ProcessorText.Parse(Dumps.AmdCpuInfo));

    [Fact]
    public void Parse_IntelHost_HasTwoThreadsACore() =>
        Assert.Equal(
            new ProcessorText { Name = "Intel(R) Xeon(R) Platinum 8370C CPU @ 2.80GHz", ThreadsPerCore = 2, Virtual = false },
            ProcessorText.Parse(Dumps.IntelCpuInfo));

    [Fact]
    public void Parse_Arm_HasNoNameAndDoesNotInventOne() => Assert.Equal(new ProcessorText(), ProcessorText.Parse(Dumps.ArmCpuInfo));

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("model name\nsiblings : x\ncpu cores : 0\n:\n")]
    public void Parse_EmptyOrBroken_IsUnknownNotCrash(string? text) => Assert.Equal(new ProcessorText(), ProcessorText.Parse(text));
}
