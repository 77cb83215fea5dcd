using Rectune.Engine.Hardware;
using Xunit;

namespace Rectune.Tests.Hardware;

public sealed class ContainerLimitsTests
{
    [Fact]
    public void Version2_EveryLevelCounts_TheTightestHolds()
    {
        using var folder = new SystemFolder()
            .With("/proc/self/cgroup", "0::/a/b")
            .With("/sys/fs/cgroup/a/b/cpu.max", "max 100000")
            .With("/sys/fs/cgroup/a/cpu.max", "150000 100000")
            .With("/sys/fs/cgroup/a/b/memory.max", "8000")
            .With("/sys/fs/cgroup/a/b/memory.current", "1000")
            .With("/sys/fs/cgroup/a/memory.max", "9000")
            .With("/sys/fs/cgroup/a/memory.current", "5000")
            .With("/sys/fs/cgroup/a/memory.stat", "anon 1\ninactive_file 600\n");
        var limits = new ContainerLimits(new SystemFiles(folder.Root));
        Assert.Equal(1.5, limits.CpuQuota());
        Assert.Equal(8000, limits.MemoryLimitBytes());
        Assert.Equal(4600, limits.MemoryHeadroomBytes());
    }

    [Fact]
    public void Version2_PathOfTheHostNotMounted_RootFilesCount()
    {
        using var folder = new SystemFolder()
            .With("/proc/self/cgroup", "0::/kubepods/pod1")
            .With("/sys/fs/cgroup/cpu.max", "200000 100000")
            .With("/sys/fs/cgroup/memory.max", "4096");
        var limits = new ContainerLimits(new SystemFiles(folder.Root));
        Assert.Equal(2.0, limits.CpuQuota());
        Assert.Equal(4096, limits.MemoryLimitBytes());
        Assert.Equal(4096, limits.MemoryHeadroomBytes());
    }

    [Fact]
    public void Version1_Controllers_HaveTheirOwnPaths()
    {
        using var folder = new SystemFolder()
            .With("/proc/self/cgroup", "4:memory:/m/x\n2:cpu,cpuacct:/c\n0::/")
            .With("/sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_quota_us", "50000")
            .With("/sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_period_us", "100000")
            .With("/sys/fs/cgroup/memory/m/x/memory.limit_in_bytes", "7000")
            .With("/sys/fs/cgroup/memory/m/x/memory.usage_in_bytes", "3000")
            .With("/sys/fs/cgroup/memory/m/x/memory.stat", "total_inactive_file 500\n")
            .With("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
        var limits = new ContainerLimits(new SystemFiles(folder.Root));
        Assert.Equal(0.5, limits.CpuQuota());
        Assert.Equal(7000, limits.MemoryLimitBytes());
        Assert.Equal(4500, limits.MemoryHeadroomBytes());
    }

    [Fact]
    public void Unlimited_OrNoControlGroups_IsNull()
    {
        using var folder = new SystemFolder()
            .With("/proc/self/cgroup", "4:memory:/\n1:cpu:/")
            .With("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1")
            .With("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000")
            .With("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
        foreach (var files in new[] { new SystemFiles(folder.Root), new SystemFiles(Path.Combine(folder.Root, "nowhere")) })
        {
            Assert.Null(new ContainerLimits(files).CpuQuota());
            Assert.Null(new ContainerLimits(files).MemoryLimitBytes());
            Assert.Null(new ContainerLimits(files).MemoryHeadroomBytes());
        }
    }
}
