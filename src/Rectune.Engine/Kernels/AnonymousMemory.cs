using System.Runtime.InteropServices;

namespace Rectune.Engine.Kernels;

/// <summary>Memory that the system maps for nobody else: Linux's <c>mmap(2)</c>.</summary>
internal static partial class AnonymousMemory
{
    /// <summary>PROT_READ and PROT_WRITE.</summary>
    private const int ReadAndWrite = 3;

    /// <summary>MAP_PRIVATE and MAP_ANONYMOUS.</summary>
    private const int PrivateAnonymous = 0x22;

    private const nint Failed = -1;
    private const int NoFile = -1;

    /// <summary>Zeroes that take memory page by page as they are touched; null where the system refuses.</summary>
    public static nint? TryMap(nuint bytes) => Map(0, bytes, ReadAndWrite, PrivateAnonymous, NoFile, 0) is var start && start != Failed ? start : null;

    /// <returns>Whether the system agreed.</returns>
    public static bool Unmap(nint start, nuint bytes) => UnmapRange(start, bytes) == 0;

    [LibraryImport("libc", EntryPoint = "mmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Map(nint address, nuint bytes, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int UnmapRange(nint address, nuint bytes);
}
