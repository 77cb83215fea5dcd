using System.Runtime.InteropServices;
using Rectune.Engine.Kernels;

namespace Rectune.Benchmarks.Serving;

/// <summary>Keeps a core from going to sleep with a thread that runs when nothing else wants to: what a client takes to wake is no latency of the server's.</summary>
internal sealed partial class AwakeCore : IDisposable
{
    /// <summary>Linux's <c>SCHED_IDLE</c>: any other thread takes the core at once.</summary>
    private const int WhenIdle = 5;

    private const int CallingThread = 0;

    private readonly Thread thread;
    private readonly TaskCompletionSource<bool> begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool over;

    public AwakeCore(CoreSet core)
    {
        thread = new Thread(() =>
        {
            core.BindCaller();
            var noPriority = 0;
            var isLast = SetScheduler(CallingThread, WhenIdle, in noPriority) == 0;
            begun.SetResult(isLast);
            while (isLast && !over)
            {
                Thread.SpinWait(8);
            }
        })
        { IsBackground = true };
        thread.Start();
        if (!begun.Task.Result)
        {
            throw new NotSupportedException("the system gives no thread the last place (SCHED_IDLE), which keeping a core awake needs");
        }
    }

    public void Dispose()
    {
        over = true;
        thread.Join();
    }

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetScheduler(int thread, int policy, in int priority);
}
