using System.Runtime.InteropServices;

namespace Rectune.Engine.Load;

/// <summary>
/// Waits for an instant without burning a core: on Linux nanosleep with the thread's timer slack set to its minimum, elsewhere a timed wait. Only what waking up usually takes is
/// spun through, as learnt on the way; spinning all the time would be sharper but would take a core from the paths that are being judged.
/// </summary>
internal sealed partial class PreciseWait(TimeProvider clock) : IDisposable
{
    private const int SetTimerSlack = 29;

    private const int ThreadCpuTime = 3;

    private const int CallingThread = 0;

    /// <summary>Nice value well before the default of 0.</summary>
    private const int BeforeOthers = -10;

    private const int FirstInFirstOut = 1;

    /// <summary>Lowest of the real-time priorities: before every ordinary thread.</summary>
    private const int LowestRealTime = 1;

    /// <summary>Bounds of what is left to a spin, nanoseconds: on a busy machine waking up takes as long as others run, which no spin is worth.</summary>
    private const long ShortestSpinNs = 4_000;
    private const long LongestSpinNs = 40_000;

    /// <summary>By how much what is left to a spin follows each waking: it settles at the median.</summary>
    private const long SpinStepNs = 250;

    private readonly double nsPerTick = 1e9 / clock.TimestampFrequency;
    private long spinNs = LongestSpinNs / 2;
    private readonly ManualResetEventSlim never = new(initialState: false);

    /// <summary>Asks the system to wake the calling thread as exactly as it can. Going before other threads needs a privilege; without it lateness is larger, and reported.</summary>
    public static void Sharpen(GeneratorUrgency urgency)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = PrCtl(SetTimerSlack, 1, 0, 0, 0);
            var realTime = LowestRealTime;
            if (urgency == GeneratorUrgency.Ordinary || SetScheduler(CallingThread, FirstInFirstOut, in realTime) != 0)
            {
                _ = SetPriority(CallingThread, 0, BeforeOthers);
            }
        }
    }

    /// <summary>Returns at <paramref name="dueNs"/> of the clock, or at once when that has passed.</summary>
    public void UntilNs(long dueNs)
    {
        while (true)
        {
            var left = dueNs - (long)(clock.GetTimestamp() * nsPerTick);
            if (left <= 0)
            {
                return;
            }

            if (left <= spinNs)
            {
                Thread.SpinWait(8);
            }
            else if (OperatingSystem.IsLinux())
            {
                var sleepNs = left - spinNs;
                var span = new TimeSpec { Seconds = sleepNs / 1_000_000_000, Nanoseconds = sleepNs % 1_000_000_000 };
                _ = NanoSleep(in span, 0);
                var awake = (long)(clock.GetTimestamp() * nsPerTick);
                spinNs = Math.Clamp(spinNs + (awake > dueNs ? SpinStepNs : -SpinStepNs), ShortestSpinNs, LongestSpinNs);
            }
            else
            {
                never.Wait(TimeSpan.FromMicroseconds(left / 1000.0));
            }
        }
    }

    public void Dispose() => never.Dispose();

    /// <summary>Processor time of the calling thread, nanoseconds; null where the system does not tell.</summary>
    public static long? ThreadCpuNs() =>
        OperatingSystem.IsLinux() && ClockGetTime(ThreadCpuTime, out var time) == 0 ? (time.Seconds * 1_000_000_000) + time.Nanoseconds : null;

    [LibraryImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int PrCtl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, uint who, int nice);

    /// <param name="priority">The only member of <c>sched_param</c>.</param>
    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetScheduler(int thread, int policy, in int priority);

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int NanoSleep(in TimeSpec request, nint remaining);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ClockGetTime(int clockId, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
