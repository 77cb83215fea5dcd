using System.Globalization;
using System.Runtime.InteropServices;

namespace Rectune.Engine.Kernels;

/// <summary>
/// Cores that threads may run on. A kernel that wakes two threads at a time often puts both on one core and moves one of them away only milliseconds later, which
/// a query notices; threads with cores of their own never meet. Nothing is bound where the system is not Linux.
/// </summary>
public sealed unsafe partial class CoreSet
{
    /// <summary>Words of the kernel's mask: 4,096 cores.</summary>
    private const int MaskWords = 64;

    private const int CallingThread = 0;

    private static readonly Lazy<CoreSet> Whole = new(ReadAllowed);

    private readonly int[] cores;

    private CoreSet(int[] cores) => this.cores = cores;

    /// <summary>No cores in particular: binding to it does nothing.</summary>
    public static CoreSet Any { get; } = new([]);

    /// <summary>The cores that this process was given; <see cref="Any"/> where the system does not tell.</summary>
    public static CoreSet Allowed => Whole.Value;

    /// <summary>The numbers that the system knows them by, from 0; ascending unless another order was asked for.</summary>
    public IReadOnlyList<int> Cores => cores;

    /// <param name="cores">Numbers below 4,096, in any order.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is none that the system's mask has.</exception>
    public static CoreSet Of(params IEnumerable<int> cores)
    {
        int[] numbers = [.. cores.Distinct().Order()];
        if (numbers.Length > 0)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(numbers[0], nameof(cores));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(numbers[^1], MaskWords * 64, nameof(cores));
        }

        return new CoreSet(numbers);
    }

    /// <summary>The same in the order given, in which parts of them are taken.</summary>
    public static CoreSet InOrder(params IReadOnlyList<int> cores)
    {
        _ = Of(cores);
        return new CoreSet([.. cores]);
    }

    /// <summary>Part number <paramref name="index"/> of the cores divided into <paramref name="parts"/> neighbouring parts: none is empty, and they overlap only where there are fewer cores than parts.</summary>
    public CoreSet Share(int index, int parts)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(parts);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, parts);
        if (cores.Length == 0)
        {
            return Any;
        }

        var first = (int)((long)cores.Length * index / parts);
        var end = (int)((long)cores.Length * (index + 1) / parts);
        return new CoreSet(cores[first..Math.Max(end, first + 1)]);
    }

    /// <summary>Keeps the calling thread on these cores from now on; a system that refuses leaves it where it is.</summary>
    public void BindCaller() => Bind(CallingThread);

    /// <summary>Keeps every thread of the process on these cores from now on, and those that they start, until they bind themselves elsewhere.</summary>
    public void BindEveryThread() => BindThreadsBeyond(Any);

    /// <summary>The same of those threads alone that may run on other cores than <paramref name="others"/>: those that keep to these, or to some of them, are left as they are.</summary>
    public void BindThreadsBeyond(CoreSet others)
    {
        ArgumentNullException.ThrowIfNull(others);
        if (cores.Length == 0 || !OperatingSystem.IsLinux())
        {
            return;
        }

        // The mask of the first thread tells what the process was given as long as nothing binds it.
        _ = Whole.Value;

        // A thread that is not bound yet may start another while the list is read.
        var bound = new HashSet<int>();
        for (var before = -1; before < bound.Count;)
        {
            before = bound.Count;
            foreach (var thread in Directory.GetDirectories("/proc/self/task").Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture)).Where(bound.Add))
            {
                if (MayRunBeyond(others, thread))
                {
                    Bind(thread);
                }
            }
        }
    }

    /// <summary>False of a thread that has ended.</summary>
    private static bool MayRunBeyond(CoreSet others, int thread)
    {
        var mask = stackalloc ulong[MaskWords];
        new Span<ulong>(mask, MaskWords).Clear();
        if (GetAffinity(thread, MaskWords * sizeof(ulong), mask) != 0)
        {
            return false;
        }

        foreach (var core in others.cores)
        {
            mask[core / 64] &= ~(1UL << (core % 64));
        }

        return new ReadOnlySpan<ulong>(mask, MaskWords).ContainsAnyExcept(0UL);
    }

    private void Bind(int thread)
    {
        if (cores.Length == 0 || !OperatingSystem.IsLinux())
        {
            return;
        }

        var mask = stackalloc ulong[MaskWords];
        new Span<ulong>(mask, MaskWords).Clear();
        foreach (var core in cores)
        {
            mask[core / 64] |= 1UL << (core % 64);
        }

        _ = SetAffinity(thread, MaskWords * sizeof(ulong), mask);
    }

    /// <summary>Of the process's first thread, before anything binds it.</summary>
    private static CoreSet ReadAllowed()
    {
        if (!OperatingSystem.IsLinux())
        {
            return Any;
        }

        var mask = stackalloc ulong[MaskWords];
        new Span<ulong>(mask, MaskWords).Clear();
        return GetAffinity(Environment.ProcessId, MaskWords * sizeof(ulong), mask) == 0
            ? Of(Enumerable.Range(0, MaskWords * 64).Where(core => Has(mask, core)))
            : Any;
    }

    private static bool Has(ulong* mask, int core) => (mask[core / 64] >> (core % 64) & 1) != 0;

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetAffinity(int thread, nuint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetAffinity(int thread, nuint bytes, ulong* mask);
}
