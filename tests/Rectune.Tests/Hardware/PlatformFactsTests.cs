using Rectune.Engine.Hardware;
using Xunit;

namespace Rectune.Tests.Hardware;

public sealed class PlatformFactsTests
{
    [Fact]
    public void Read_Visible_IsTold()
    {
        using var folder = new SystemFolder()
            .With("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave")
            .With("/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc");
        var facts = PlatformFacts.Read(new SystemFiles(folder.Root), TimeProvider.System);
        Assert.Equal("powersave", facts.Governor);
        Assert.Equal("tsc", facts.ClockSource);
        Assert.Equal(1e9 / TimeProvider.System.TimestampFrequency, facts.TickNs);
    }

    [Fact]
    public void Read_Hidden_IsNull()
    {
        using var folder = new SystemFolder();
        var facts = PlatformFacts.Read(new SystemFiles(folder.Root), TimeProvider.System);
        Assert.Null(facts.Governor);
        Assert.Null(facts.Hypervisor);
        Assert.Null(facts.ClockSource);
        Assert.Null(facts.CpuQuota);
    }
}
