using System.Runtime.InteropServices;

namespace Rectune.Engine.Kernels;

/// <summary>Tells the system on which NUMA nodes memory that is not touched yet shall lie: Linux's <c>mbind(2)</c>, nothing elsewhere.</summary>
internal static unsafe partial class NodeMemory
{
    /// <summary>MPOL_PREFERRED: others where the node is full.</summary>
    public const int Preferred = 1;

    /// <summary>MPOL_INTERLEAVE.</summary>
    public const int Interleave = 3;

    /// <summary>Words of the kernel's mask: 1,024 nodes.</summary>
    private const int MaskWords = 16;

    /// <summary>The policy and mask of some nodes.</summary>
    public static (int Mode, ulong[] Mask) Policy(IReadOnlyList<int> nodes)
    {
        var mask = new ulong[MaskWords];
        foreach (var node in nodes)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(node, nameof(nodes));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(node, MaskWords * 64, nameof(nodes));
            mask[node / 64] |= 1UL << (node % 64);
        }

        return (nodes.Count == 1 ? Preferred : Interleave, mask);
    }

    /// <param name="address">At the start of a page.</param>
    /// <param name="bytes">From there on.</param>
    /// <param name="nodes">At least one.</param>
    /// <returns>Whether the system agreed.</returns>
    public static bool Bind(void* address, long bytes, IReadOnlyList<int> nodes)
    {
        var call = RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => 237, Architecture.Arm64 => 235, _ => -1 };
        if (!OperatingSystem.IsLinux() || call < 0)
        {
            return false;
        }

        var (mode, mask) = Policy(nodes);
        fixed (ulong* words = mask)
        {
            // The kernel takes one bit less than it is told of.
            return SystemCall(call, (nint)address, (nint)bytes, mode, (nint)words, (MaskWords * 64) + 1, 0) == 0;
        }
    }

    // The C library has no name for it.
    [LibraryImport("libc", EntryPoint = "syscall")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SystemCall(nint number, nint address, nint bytes, nint mode, nint mask, nint bits, nint flags);
}
