using System.Globalization;
using System.Runtime.InteropServices;

namespace Rectune.Engine.Profiling;

/// <summary>What the operating system did to a thread, or to all of the process, from its own counters. Linux only; elsewhere every counter is unavailable.</summary>
internal static partial class ThreadDisturbance
{
    private const int RusageThread = 1;

    private const int RusageProcess = 0;

    /// <summary>Counters of the calling thread, or of all threads of the process; false where they do not exist.</summary>
    public static bool TryRead(bool wholeProcess, out ThreadCounters counters)
    {
        counters = default;
        if (!OperatingSystem.IsLinux() || GetRusage(wholeProcess ? RusageProcess : RusageThread, out var usage) != 0)
        {
            return false;
        }

        counters = new ThreadCounters(usage.InvoluntarySwitches, usage.MinorFaults, usage.MajorFaults);
        return true;
    }

    /// <summary>Time the calling thread, or all living threads of the process together, have waited for a core, nanoseconds; null where the system does not tell.</summary>
    public static long? RunQueueDelayNs(bool wholeProcess)
    {
        const string Threads = "/proc/self/task";
        if (!wholeProcess)
        {
            return DelayNs("/proc/thread-self/schedstat");
        }

        if (!Directory.Exists(Threads))
        {
            return null;
        }

        long? sum = null;
        foreach (var thread in Directory.EnumerateDirectories(Threads))
        {
            sum = DelayNs(Path.Combine(thread, "schedstat")) is { } delay ? (sum ?? 0) + delay : sum;
        }

        return sum;
    }

    private static long? DelayNs(string path)
    {
        try
        {
            var fields = File.ReadAllText(path).Split(' ');
            return fields.Length > 1 && long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var delay) ? delay : null;
        }
        catch (IOException)
        {
            // Not Linux, or a thread that has ended meanwhile.
            return null;
        }
    }

    /// <summary>Time stolen by the hypervisor over all cores, milliseconds; null where the system does not tell.</summary>
    public static double? StealMs()
    {
        const string Path = "/proc/stat";
        const int StealField = 8;
        const double MsPerTick = 10;
        if (!File.Exists(Path))
        {
            return null;
        }

        using var reader = new StreamReader(Path);
        var fields = reader.ReadLine()?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields is { Length: > StealField } && long.TryParse(fields[StealField], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? ticks * MsPerTick
            : null;
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetRusage(int who, out ResourceUsage usage);

    /// <summary>Layout of struct rusage on 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceUsage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
        public long MaximumResident;
        public long SharedText;
        public long UnsharedData;
        public long UnsharedStack;
        public long MinorFaults;
        public long MajorFaults;
        public long Swaps;
        public long BlocksIn;
        public long BlocksOut;
        public long MessagesSent;
        public long MessagesReceived;
        public long Signals;
        public long VoluntarySwitches;
        public long InvoluntarySwitches;
    }
}
