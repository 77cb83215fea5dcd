using System.Globalization;
using Rectune.Core.Units;
using Rectune.Engine.Hardware;
using Rectune.Engine.Profiling;

namespace Rectune.Cli;

/// <summary>Judges what was found on a machine. Thresholds are chosen so that a warning means a visible loss.</summary>
internal static class DoctorChecks
{
    private const long DiskNeeded = 1L << 30;
    private const double TailAccepted = 1.5;
    private const double GapAcceptedUs = 5_000;
    private const double StealAccepted = 0.01;
    private const double TickAcceptedNs = 1_000;

    public static DoctorCheck Sdk(string? version) => version is not null
        ? Ok("sdk", $".NET SDK {version}")
        : Warn("sdk", "no .NET SDK on the path", "install the .NET 10 SDK to build rectune from source; running it needs only the runtime");

    public static DoctorCheck OnnxRuntime(string? version, string? problem) => version is not null
        ? Ok("onnx-runtime", $"ONNX Runtime {version} loads")
        : new DoctorCheck
        {
            Name = "onnx-runtime",
            Status = CheckStatus.Fail,
            Found = problem ?? "ONNX Runtime does not load",
            Advice = "build again: the build fetches the library",
        };

    public static DoctorCheck Gpu(IReadOnlyList<Gpu> gpus, bool cudaProvider) => (gpus.Count, cudaProvider) switch
    {
        (0, _) => Ok("gpu", "no NVIDIA device; paths run on the processor"),
        (_, true) => Ok("gpu", string.Join(", ", gpus.Select(g => g.Name))),
        _ => Warn(
            "gpu",
            $"{gpus.Count} NVIDIA device(s), ONNX Runtime's CUDA provider is not installed",
            "put libonnxruntime_providers_cuda.so beside libonnxruntime.so, or go on with the processor"),
    };

    public static DoctorCheck Disk(long? freeBytes, string folder) => freeBytes switch
    {
        null => Ok("disk", "free space not visible here"),
        < DiskNeeded => Warn(
            "disk",
            $"{new ByteSize(freeBytes.Value)} free in {folder}",
            $"free some space: plans, journals and the build need about {new ByteSize(DiskNeeded)}"),
        _ => Ok("disk", $"{new ByteSize(freeBytes.Value)} free in {folder}"),
    };

    /// <param name="availableBytes">Memory that can be taken now.</param>
    /// <param name="model">Name of the built-in model with the largest tables.</param>
    /// <param name="neededBytes">Its fp32 tables and working space.</param>
    public static DoctorCheck Memory(long? availableBytes, string model, long neededBytes) => availableBytes switch
    {
        null => Ok("memory", "available memory not visible here"),
        var bytes when bytes < neededBytes => Warn(
            "memory",
            $"{new ByteSize(bytes.Value)} available, {model} with fp32 tables takes about {new ByteSize(neededBytes)}",
            "free memory, or plan with --memory-max: smaller precisions may fit"),
        _ => Ok("memory", $"{new ByteSize(availableBytes.Value)} available"),
    };

    public static DoctorCheck Clock(PlatformFacts facts, double stepNs)
    {
        var source = facts.ClockSource ?? "not visible here";
        var found = string.Create(CultureInfo.InvariantCulture, $"tick {facts.TickNs:0.#} ns, smallest step {stepNs:0.#} ns, source {source}");
        return Math.Max(facts.TickNs, stepNs) <= TickAcceptedNs
            ? Ok("clock", found)
            : Warn("clock", found, "a coarse clock blurs short runs; on Linux, boot with clocksource=tsc where the processor allows it");
    }

    public static DoctorCheck Governor(PlatformFacts facts) => facts.Governor switch
    {
        null => Ok("governor", "not visible here"),
        "performance" => Ok("governor", "performance"),
        var other => Warn("governor", other, "the clock frequency follows the load; measure with: sudo cpupower frequency-set -g performance"),
    };

    public static DoctorCheck Virtualization(PlatformFacts facts) => facts.Hypervisor is { } name
        ? Ok("virtualization", $"runs under {name}; neighbours can disturb measurements")
        : Ok("virtualization", "none seen");

    public static DoctorCheck Quota(PlatformFacts facts) => facts.CpuQuota is { } quota
        ? Warn(
            "cpu-quota",
            string.Create(CultureInfo.InvariantCulture, $"{quota:0.##} cores' worth of time"),
            "the container is paused when it is used up, which shows in tail latency; pin whole cores instead")
        : Ok("cpu-quota", "no limit");

    public static DoctorCheck Noise(NoiseReport noise)
    {
        var worst = noise.WorstGapsUs.Count > 0 ? noise.WorstGapsUs[0] : 0;
        var steal = noise.StealShare is { } share ? string.Create(CultureInfo.InvariantCulture, $"{share:P1}") : "not visible here";
        var gaps = string.Join(", ", noise.WorstGapsUs.Take(3).Select(g => g.ToString("0", CultureInfo.InvariantCulture)));
        var found = string.Create(
            CultureInfo.InvariantCulture,
            $"fixed work takes {noise.MedianUs:0.#} us, p99/median {noise.TailRatio:0.00}, worst gaps {gaps} us, stolen time {steal}");
        return noise.TailRatio > TailAccepted || worst > GapAcceptedUs || noise.StealShare > StealAccepted
            ? Warn("noise", found, "other work shares these cores: stop it or give rectune a larger --budget; disturbed runs are recorded and repeated")
            : Ok("noise", found);
    }

    private static DoctorCheck Ok(string name, string found) => new() { Name = name, Status = CheckStatus.Ok, Found = found };

    private static DoctorCheck Warn(string name, string found, string advice) => new() { Name = name, Status = CheckStatus.Warn, Found = found, Advice = advice };
}
