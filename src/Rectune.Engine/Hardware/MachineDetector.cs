using System.Reflection;
using System.Runtime.InteropServices;
using Rectune.Core.Domain;

namespace Rectune.Engine.Hardware;

/// <summary>Describes the machine that this process runs on.</summary>
/// <param name="files">Where the system describes itself.</param>
/// <param name="gpuList">What the driver's tool answers (<see cref="NvidiaSmi.Run"/>), or null.</param>
/// <param name="onnxRuntimeVersion">Version of the loaded ONNX Runtime.</param>
/// <param name="cudaProvider">Whether ONNX Runtime can use NVIDIA devices here.</param>
public sealed class MachineDetector(SystemFiles files, string? gpuList, string onnxRuntimeVersion, bool cudaProvider)
{
    /// <summary>Of this machine, everything asked for. Runs the driver's tool, which takes up to a second where there is one.</summary>
    public static Machine DetectHere(string onnxRuntimeVersion) =>
        new MachineDetector(new SystemFiles(), NvidiaSmi.Run(), onnxRuntimeVersion, OnnxRuntimeLibrary.HasCudaProvider()).Detect();

    public Machine Detect()
    {
        var limits = new ContainerLimits(files);
        var processors = Processors();
        var cpu = DetectCpu(processors, limits);
        var caches = CacheReader.Read(files, processors);
        var memory = MemoryBytes(limits);
        var devices = Devices(cpu, memory);
        var system = SystemName.Detect(files);
        var fingerprint = MachineIdentity.Fingerprint(cpu, caches, memory, devices, system);
        return new Machine
        {
            Id = MachineIdentity.Id(cpu, fingerprint),
            Fingerprint = fingerprint,
            Cpu = cpu,
            Caches = caches,
            MemoryBytes = memory,
            Devices = devices,
            Runtime = new RuntimeVersions
            {
                Rectune = RectuneVersion(),
                OnnxRuntime = onnxRuntimeVersion,
                Dotnet = Environment.Version.ToString(),
                OperatingSystem = system,
                Measuring = MeasuringProtocol.Current,
            },
        };
    }

    /// <summary>Version of this program, without the mark of its source.</summary>
    public static string RectuneVersion() =>
        typeof(MachineDetector).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <summary>Numbers of the processors on which this process may run.</summary>
    private IReadOnlyList<int> Processors()
    {
        var allowed = KernelText.List(KernelText.Field(files.Read("/proc/self/status"), "Cpus_allowed_list"));
        var online = KernelText.List(files.Read("/sys/devices/system/cpu/online"));
        IReadOnlyList<int> both = online.Count > 0 ? [.. allowed.Intersect(online)] : allowed;
        return both.Count > 0 ? both : [.. Enumerable.Range(0, Environment.ProcessorCount)];
    }

    private Cpu DetectCpu(IReadOnlyList<int> processors, ContainerLimits limits)
    {
        var text = ProcessorText.Parse(files.Read("/proc/cpuinfo"));
        var siblings = KernelText.List(files.Read($"/sys/devices/system/cpu/cpu{processors[0]}/topology/thread_siblings_list")).Count;
        var nodes = KernelText.List(files.Read("/sys/devices/system/node/online")).Count;
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        return new Cpu
        {
            Name = text.Name ?? $"unknown {architecture}",
            Architecture = architecture,
            Cores = limits.CpuQuota() is { } quota ? Math.Clamp((int)quota, 1, processors.Count) : processors.Count,
            ThreadsPerCore = siblings > 0 ? siblings : text.ThreadsPerCore,
            NumaNodes = Math.Max(1, nodes),
            InstructionSets = InstructionSets.Present(),
            Hypervisor = Hypervisor.Detect(text.Virtual),
        };
    }

    private long MemoryBytes(ContainerLimits limits)
    {
        var total = MemoryText.Parse(files.Read("/proc/meminfo")).TotalBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return Math.Min(total, limits.MemoryLimitBytes() ?? long.MaxValue);
    }

    private List<Device> Devices(Cpu cpu, long memoryBytes)
    {
        var devices = new List<Device> { new() { Id = "cpu", Name = cpu.Name, MemoryBytes = memoryBytes, Usable = true } };
        foreach (var gpu in NvidiaSmi.Parse(gpuList))
        {
            devices.Add(new Device
            {
                Id = $"cuda:{gpu.Index}",
                Name = gpu.Name,
                MemoryBytes = gpu.MemoryBytes,
                Usable = cudaProvider,
                Why = cudaProvider ? null : "ONNX Runtime's CUDA provider is not installed: libonnxruntime_providers_cuda.so is not beside libonnxruntime.so",
            });
        }

        return devices;
    }
}
