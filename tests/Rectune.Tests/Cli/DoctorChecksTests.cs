using Rectune.Cli;
using Rectune.Engine.Hardware;
using Rectune.Engine.Profiling;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class DoctorChecksTests
{
    private static readonly PlatformFacts Facts = new() { TickNs = 1 };
    private static readonly NoiseReport Calm = new() { Runs = 1000, MedianUs = 50, TailRatio = 1.05, WorstGapsUs = [40, 20], ClockStepNs = 20, StealShare = 0 };

    [Fact]
    public void CalmMachine_IsOkThroughout()
    {
        DoctorCheck[] checks =
        [
            DoctorChecks.Sdk("10.0.100"), DoctorChecks.OnnxRuntime("1.29.0", null), DoctorChecks.Gpu([], false), DoctorChecks.Disk(2L << 30, "x"),
            DoctorChecks.Memory(4L << 30, "dlrm", 3L << 30), DoctorChecks.Clock(Facts, 20), DoctorChecks.Governor(Facts), DoctorChecks.Virtualization(Facts),
            DoctorChecks.Quota(Facts), DoctorChecks.Noise(Calm),
        ];
        Assert.All(checks, c => Assert.Equal((CheckStatus.Ok, null), (c.Status, c.Advice)));
    }

    [Fact]
    public void WhatIsNotVisible_IsSaidAndNotBlamed()
    {
        Assert.Equal("not visible here", DoctorChecks.Governor(Facts).Found);
        Assert.Equal(CheckStatus.Ok, DoctorChecks.Memory(null, "dlrm", 1).Status);
        Assert.Contains("stolen time not visible here", DoctorChecks.Noise(Calm with { StealShare = null }).Found, StringComparison.Ordinal);
    }

    [Fact]
    public void TroubledMachine_WarnsWithWhatToDo()
    {
        DoctorCheck[] checks =
        [
            DoctorChecks.Sdk(null), DoctorChecks.Gpu([new Gpu(0, "T4", 1, "")], false), DoctorChecks.Disk(1 << 20, "x"), DoctorChecks.Memory(1L << 30, "dlrm", 3L << 30),
            DoctorChecks.Clock(Facts with { TickNs = 15_000 }, 20), DoctorChecks.Governor(Facts with { Governor = "powersave" }),
            DoctorChecks.Quota(Facts with { CpuQuota = 1.5 }), DoctorChecks.Noise(Calm with { TailRatio = 2 }), DoctorChecks.Noise(Calm with { WorstGapsUs = [6000] }),
            DoctorChecks.Noise(Calm with { StealShare = 0.05 }),
        ];
        Assert.All(checks, c => Assert.Equal(CheckStatus.Warn, c.Status));
        Assert.All(checks, c => Assert.False(string.IsNullOrEmpty(c.Advice)));
    }

    [Fact]
    public void MissingLibrary_Fails() => Assert.Equal(CheckStatus.Fail, DoctorChecks.OnnxRuntime(null, "no library").Status);
}
