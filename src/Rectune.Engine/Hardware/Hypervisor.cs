using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Rectune.Engine.Hardware;

/// <summary>Names the hypervisor below this system.</summary>
public static class Hypervisor
{
    /// <summary>Leaf of CPUID in which hypervisors leave twelve letters.</summary>
    private const int Leaf = 0x40000000;

    /// <summary>Name of the hypervisor; null on bare metal, or when nothing tells.</summary>
    /// <param name="present">True when the system says that there is one.</param>
    public static string? Detect(bool present)
    {
        if (!present)
        {
            return null;
        }

        if (!X86Base.IsSupported)
        {
            return "unnamed";
        }

        var (_, ebx, ecx, edx) = X86Base.CpuId(Leaf, 0);
        return Name(Encoding.ASCII.GetString(MemoryMarshal.AsBytes([ebx, ecx, edx])));
    }

    /// <summary>The usual name for a signature.</summary>
    public static string Name(string signature) => signature.Trim('\0', ' ') switch
    {
        "KVMKVMKVM" or "Linux KVM Hv" => "kvm",
        "Microsoft Hv" => "hyper-v",
        "VMwareVMware" => "vmware",
        "XenVMMXenVMM" => "xen",
        "TCGTCGTCGTCG" => "qemu",
        "bhyve bhyve" => "bhyve",
        "ACRNACRNACRN" => "acrn",
        var other when other.Length > 0 && other.All(c => c is >= ' ' and < '\u007f') => other,
        _ => "unnamed",
    };
}
