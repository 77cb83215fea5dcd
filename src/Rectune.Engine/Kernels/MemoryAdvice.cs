using System.Runtime.InteropServices;

namespace Rectune.Engine.Kernels;

/// <summary>
/// Tells the system how memory will be used: Linux's <c>madvise(2)</c>, nothing elsewhere. Advice only; the memory works all the same when it is refused.
/// </summary>
internal static unsafe partial class MemoryAdvice
{
    /// <summary>MADV_RANDOM.</summary>
    private const int Random = 1;

    /// <summary>MADV_HUGEPAGE.</summary>
    private const int HugePages = 14;

    /// <summary>MADV_NOHUGEPAGE.</summary>
    private const int NoHugePages = 15;

    /// <summary>Asks for huge pages; a kernel without transparent ones refuses.</summary>
    /// <returns>Whether the system agreed.</returns>
    public static bool UseHugePages(void* address, long bytes) => OperatingSystem.IsLinux() && Madvise(address, (nuint)bytes, HugePages) == 0;

    /// <summary>Asks for small pages, where the system would give huge ones unasked.</summary>
    public static void AvoidHugePages(void* address, long bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Madvise(address, (nuint)bytes, NoHugePages);
        }
    }

    /// <summary>Reads will be scattered: a fault brings in its own page and reads none ahead.</summary>
    public static void ExpectScatteredReads(void* address, long bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Madvise(address, (nuint)bytes, Random);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Madvise(void* address, nuint length, int advice);
}
