using System.Globalization;
using System.Runtime.ExceptionServices;
using Rectune.Core.Domain;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>What everything that belongs to one instance shares: its threads, the caller's included, their cores, and where its sessions leave traces.</summary>
/// <param name="Threads">At least 1.</param>
/// <param name="Options">Whether the inference runtime's waiting threads spin.</param>
/// <param name="Cores">Each thread has a share of these.</param>
/// <param name="TraceFolder">Every session writes a file of its operators' times there when it ends, which slows it; null for none.</param>
public sealed record InstanceSetup(int Threads, RuntimeOptions Options, CoreSet Cores, string? TraceFolder = null)
{
    private static int traces;

    /// <summary>The caller's thread alone, wherever it runs.</summary>
    public static InstanceSetup Caller { get; } = new(1, new RuntimeOptions(), CoreSet.Any);

    /// <summary>Of instance number <paramref name="instance"/> of a configuration.</summary>
    /// <param name="traceFolder">Null for none.</param>
    /// <param name="chosen">The instances divide these, whatever the configuration says; null: what it says.</param>
    public static InstanceSetup Of(Configuration configuration, int instance, string? traceFolder = null, CoreSet? chosen = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var cores = chosen ?? (configuration.Runtime.Pinned ? CoreSet.Allowed : CoreSet.Any);
        return new InstanceSetup(configuration.Threads, configuration.Runtime, cores.Share(instance, configuration.Instances), traceFolder);
    }

    /// <summary>One thread of the instance, which whoever calls is.</summary>
    public InstanceSetup Alone() => Caller with { TraceFolder = TraceFolder };

    /// <summary>What <paramref name="load"/> makes of memory lies near the instance's cores, since a thread on them touches it first.</summary>
    public T Near<T>(Func<T> load)
    {
        ArgumentNullException.ThrowIfNull(load);
        var (result, failure) = (default(T), (Exception?)null);
        var thread = new Thread(() =>
        {
            BindCaller();
            try
            {
                result = load();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return result!;
    }

    /// <summary>Keeps the calling thread on the first thread's cores.</summary>
    public void BindCaller() => Cores.Share(0, Threads).BindCaller();

    /// <summary>Cores of all threads but the caller's as ONNX Runtime's <c>session.intra_op_thread_affinities</c> takes them, which counts cores from 1; null where there are none.</summary>
    public string? HelperAffinities() => Threads == 1 || Cores.Cores.Count == 0
        ? null
        : string.Join(';', Enumerable.Range(1, Threads - 1).Select(
            thread => string.Join(',', Cores.Share(thread, Threads).Cores.Select(core => (core + 1).ToString(CultureInfo.InvariantCulture)))));

    /// <summary>Beginning of the path of a trace of a session of <paramref name="graph"/>, another for each; null where there is to be none.</summary>
    public string? NextTrace(string graph) =>
        TraceFolder is null ? null : Path.Combine(TraceFolder, string.Create(CultureInfo.InvariantCulture, $"{graph}-{Interlocked.Increment(ref traces)}"));
}
