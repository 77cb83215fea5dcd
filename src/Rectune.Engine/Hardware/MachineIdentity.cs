using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Rectune.Core.Domain;

namespace Rectune.Engine.Hardware;

/// <summary>What makes two machines the same for a measurement.</summary>
public static partial class MachineIdentity
{
    /// <summary>
    /// SHA-256 over the facts that hold while a machine stays the same: processor, cores, caches, instruction sets, memory to the GiB, devices, system.
    /// Clock frequency, free memory and patch levels are not among them.
    /// </summary>
    public static string Fingerprint(Cpu cpu, CacheSizes caches, long memoryBytes, IReadOnlyList<Device> devices, string system)
    {
        ArgumentNullException.ThrowIfNull(cpu);
        ArgumentNullException.ThrowIfNull(caches);
        ArgumentNullException.ThrowIfNull(devices);
        var facts = new StringBuilder();
        facts.Append(CultureInfo.InvariantCulture, $"cpu {cpu.Name}|{cpu.Architecture}|{cpu.Cores}|{cpu.ThreadsPerCore}|{cpu.NumaNodes}|{cpu.Hypervisor}\n");
        facts.Append(CultureInfo.InvariantCulture, $"sets {string.Join(',', cpu.InstructionSets)}\n");
        facts.Append(CultureInfo.InvariantCulture, $"caches {caches.L1DataBytes}|{caches.L2Bytes}|{caches.L3Bytes}\n");
        facts.Append(CultureInfo.InvariantCulture, $"memory {Math.Round(memoryBytes / (double)(1L << 30)):F0}\n");
        foreach (var device in devices)
        {
            facts.Append(CultureInfo.InvariantCulture, $"device {device.Id}|{device.Name}\n");
        }

        facts.Append(CultureInfo.InvariantCulture, $"system {system}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(facts.ToString())));
    }

    /// <summary>A short, readable name: <c>amd-epyc-2c-1a2b3c</c>, the processor's first words, its cores, the start of the fingerprint.</summary>
    public static string Id(Cpu cpu, string fingerprint)
    {
        ArgumentNullException.ThrowIfNull(cpu);
        ArgumentNullException.ThrowIfNull(fingerprint);
        var words = NotWord().Split(Noise().Replace(cpu.Name, " ").ToLowerInvariant()).Where(w => w.Length > 0).Take(4);
        return string.Create(CultureInfo.InvariantCulture, $"{string.Join('-', words)}-{cpu.Cores}c-{fingerprint.AsSpan(0, 6)}");
    }

    [GeneratedRegex(@"\(R\)|\(TM\)|\bCPU\b|\bProcessor\b|\b\d+-Core\b|@.*$", RegexOptions.IgnoreCase)]
    private static partial Regex Noise();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotWord();
}
