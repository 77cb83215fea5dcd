using Rectune.Engine.Hardware;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Hardware;

public sealed class MachineIdentityTests
{
    [Theory]
    [InlineData("AMD EPYC", "amd-epyc-2c-1a2b3c")]
    [InlineData("AMD EPYC 9V74 80-Core Processor", "amd-epyc-9v74-2c-1a2b3c")]
    [InlineData("Intel(R) Xeon(R) Platinum 8370C CPU @ 2.80GHz", "intel-xeon-platinum-8370c-2c-1a2b3c")]
    [InlineData("unknown arm64", "unknown-arm64-2c-1a2b3c")]
    public void Id_ProcessorName_IsShortened(string name, string expected) =>
        Assert.Equal(expected, MachineIdentity.Id(SampleRecords.Machine().Cpu with { Name = name }, "1a2b3c4d"));

    [Theory]
    [InlineData("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n", "Linux 6.18.44-fc-v657 #1 SMP", "Debian GNU/Linux 12 (bookworm), Linux 6.18")]
    [InlineData(null, "Darwin 24.1.0 Darwin Kernel", "Darwin 24.1")]
    [InlineData("", "Microsoft Windows 10.0.26100", "Microsoft Windows 10.0")]
    [InlineData("ID=x\n", "strange", "strange")]
    public void Name_System_HasNoPatchLevel(string? release, string kernel, string expected) => Assert.Equal(expected, SystemName.Name(release, kernel));

    [Theory]
    [InlineData("KVMKVMKVM\0\0\0", "kvm")]
    [InlineData("Microsoft Hv", "hyper-v")]
    [InlineData("SomethingNew", "SomethingNew")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0", "unnamed")]
    [InlineData("\u0001bad", "unnamed")]
    public void Name_Hypervisor_IsTheUsualOne(string signature, string expected) => Assert.Equal(expected, Hypervisor.Name(signature));

    [Fact]
    public void Detect_BareMetal_HasNoHypervisor() => Assert.Null(Hypervisor.Detect(present: false));
}
