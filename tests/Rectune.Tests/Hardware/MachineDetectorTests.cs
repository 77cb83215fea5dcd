using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Engine.Hardware;
using Xunit;

namespace Rectune.Tests.Hardware;

public sealed class MachineDetectorTests
{
    [Fact]
    public void Detect_DescribedSystem_TellsWhatItSays()
    {
        using var folder = TwoCoreGuest();
        var machine = Detect(folder, Dumps.TwoGpus);
        Assert.Equal("AMD EPYC", machine.Cpu.Name);
        Assert.Equal(2, machine.Cpu.Cores);
        Assert.Equal(1, machine.Cpu.ThreadsPerCore);
        Assert.Equal(2, machine.Cpu.NumaNodes);
        Assert.NotNull(machine.Cpu.Hypervisor);
        Assert.Equal(new CacheSizes { L1DataBytes = 32 << 10, L2Bytes = 1 << 20, L3Bytes = 64 << 20 }, machine.Caches);
        Assert.Equal(24684092L << 10, machine.MemoryBytes);
        Assert.Equal(["cpu", "cuda:0", "cuda:1"], machine.Devices.Select(d => d.Id));
        Assert.False(machine.Devices[1].Usable);
        Assert.Contains("CUDA provider is not installed", machine.Devices[1].Why, StringComparison.Ordinal);
        Assert.StartsWith("Test Linux 12, ", machine.Runtime.OperatingSystem, StringComparison.Ordinal);
        Assert.Equal("9.9.9", machine.Runtime.OnnxRuntime);
        Assert.Equal(MeasuringProtocol.Current, machine.Runtime.Measuring);
        Assert.Equal($"amd-epyc-2c-{machine.Fingerprint[..6]}", machine.Id);
    }

    [Fact]
    public void Detect_AffinityAndQuota_BoundTheCores()
    {
        using var folder = TwoCoreGuest().With("/proc/self/status", "Name:\tx\nCpus_allowed_list:\t1\n");
        Assert.Equal(1, Detect(folder).Cpu.Cores);
        Assert.Equal(32L << 20, Detect(folder).Caches.L3Bytes);
        using var quota = TwoCoreGuest().With("/proc/self/cgroup", "0::/").With("/sys/fs/cgroup/cpu.max", "150000 100000");
        Assert.Equal(1, Detect(quota).Cpu.Cores);
        using var small = TwoCoreGuest().With("/proc/self/cgroup", "0::/").With("/sys/fs/cgroup/cpu.max", "50000 100000");
        Assert.Equal(1, Detect(small).Cpu.Cores);
    }

    [Fact]
    public void Detect_ContainerLimit_IsTheMemory()
    {
        using var folder = TwoCoreGuest()
            .With("/proc/self/cgroup", "0::/")
            .With("/sys/fs/cgroup/memory.max", "4294967296")
            .With("/sys/fs/cgroup/memory.current", "1073741824");
        Assert.Equal(4L << 30, Detect(folder).MemoryBytes);
        Assert.Equal(3L << 30, AvailableMemory.Bytes(new SystemFiles(folder.Root)));
    }

    [Fact]
    public void Detect_SystemThatTellsNothing_IsUnknownNotCrash()
    {
        using var folder = new SystemFolder();
        var machine = Detect(folder);
        Assert.StartsWith("unknown ", machine.Cpu.Name, StringComparison.Ordinal);
        Assert.Equal(Environment.ProcessorCount, machine.Cpu.Cores);
        Assert.Equal(1, machine.Cpu.NumaNodes);
        Assert.Equal(new CacheSizes(), machine.Caches);
        Assert.True(machine.MemoryBytes > 0);
        Assert.Equal("cpu", Assert.Single(machine.Devices).Id);
        Assert.Null(AvailableMemory.Bytes(new SystemFiles(folder.Root)));
    }

    [Fact]
    public void Fingerprint_FreeMemoryClockAndPatchLevel_DoNotChangeIt()
    {
        using var folder = TwoCoreGuest();
        var before = Detect(folder).Fingerprint;
        folder.With("/proc/cpuinfo", Dumps.AmdCpuInfo.Replace("2596.138", "3100.000", StringComparison.Ordinal))
            .With("/proc/meminfo", Dumps.MemInfo.Replace("24684092", "24684000", StringComparison.Ordinal).Replace("24155432", "1000", StringComparison.Ordinal));
        Assert.Equal(before, Detect(folder).Fingerprint);
    }

    [Fact]
    public void Fingerprint_OtherHardware_ChangesIt()
    {
        using var folder = TwoCoreGuest();
        var seen = new HashSet<string>(StringComparer.Ordinal) { Detect(folder).Fingerprint, Detect(folder, Dumps.TwoGpus).Fingerprint };
        folder.With("/proc/meminfo", "MemTotal: 8000000 kB");
        Assert.True(seen.Add(Detect(folder).Fingerprint));
        folder.With("/proc/self/status", "Cpus_allowed_list: 0");
        Assert.True(seen.Add(Detect(folder).Fingerprint));
        folder.With("/proc/cpuinfo", Dumps.IntelCpuInfo);
        Assert.True(seen.Add(Detect(folder).Fingerprint));
        folder.With("/etc/os-release", "PRETTY_NAME=\"Other\"");
        Assert.True(seen.Add(Detect(folder).Fingerprint));
        Assert.Equal(6, seen.Count);
    }

    [Fact]
    public void DetectHere_ThisMachine_IsAWritableRecord()
    {
        var machine = MachineDetector.DetectHere(OnnxRuntimeLibrary.Version());
        Assert.Equal(RecordText.Write(machine), RecordText.Write(RecordText.Read<Machine>(RecordText.Write(machine), "machine")));
        Assert.Matches(@"^\d+\.\d+\.\d+", machine.Runtime.OnnxRuntime);
        Assert.Matches("^[a-z0-9-]+-[0-9]+c-[0-9a-f]{6}$", machine.Id);
        Assert.InRange(machine.Cpu.Cores, 1, 4096);
    }

    private static Machine Detect(SystemFolder folder, string? gpus = null) =>
        new MachineDetector(new SystemFiles(folder.Root), gpus, "9.9.9", cudaProvider: false).Detect();

    /// <summary>Two processors that share nothing but memory, one last-level cache each.</summary>
    private static SystemFolder TwoCoreGuest()
    {
        var folder = new SystemFolder()
            .With("/proc/cpuinfo", Dumps.AmdCpuInfo)
            .With("/proc/meminfo", Dumps.MemInfo)
            .With("/proc/self/status", "Name:\tx\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n")
            .With("/sys/devices/system/cpu/online", "0-1")
            .With("/sys/devices/system/node/online", "0-1")
            .With("/etc/os-release", "NAME=\"Test\"\nPRETTY_NAME=\"Test Linux 12\"");
        for (var cpu = 0; cpu < 2; cpu++)
        {
            var caches = $"/sys/devices/system/cpu/cpu{cpu}/cache";
            Cache(folder, $"{caches}/index0", "1", "Data", "32K", $"{cpu}");
            Cache(folder, $"{caches}/index1", "1", "Instruction", "64K", $"{cpu}");
            Cache(folder, $"{caches}/index2", "2", "Unified", "1024K", $"{cpu}");
            Cache(folder, $"{caches}/index3", "3", "Unified", "32768K", $"{cpu}");
            folder.With($"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list", $"{cpu}");
        }

        return folder;
    }

    private static void Cache(SystemFolder folder, string path, string level, string type, string size, string shared) =>
        folder.With(path + "/level", level).With(path + "/type", type).With(path + "/size", size).With(path + "/shared_cpu_list", shared);
}
