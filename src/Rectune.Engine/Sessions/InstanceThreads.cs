using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>The threads that an instance runs on, the caller's included, and their cores.</summary>
/// <param name="Count">At least 1.</param>
/// <param name="Options">Whether waiting ones spin.</param>
/// <param name="Cores">Each thread has a share of these.</param>
public sealed record InstanceThreads(int Count, RuntimeOptions Options, CoreSet Cores)
{
    /// <summary>The caller's thread alone, wherever it runs.</summary>
    public static InstanceThreads Caller { get; } = new(1, new RuntimeOptions(), CoreSet.Any);

    /// <summary>Of instance number <paramref name="instance"/> of a configuration.</summary>
    public static InstanceThreads Of(Configuration configuration, int instance)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return new InstanceThreads(
            configuration.Threads, configuration.Runtime, configuration.Runtime.Pinned ? CoreSet.Allowed.Share(instance, configuration.Instances) : CoreSet.Any);
    }

    /// <summary>Keeps the calling thread on the first thread's cores.</summary>
    public void BindCaller() => Cores.Share(0, Count).BindCaller();

    /// <summary>Cores of all threads but the caller's as ONNX Runtime's <c>session.intra_op_thread_affinities</c> takes them, which counts cores from 1; null where there are none.</summary>
    public string? HelperAffinities() => Count == 1 || Cores.Cores.Count == 0
        ? null
        : string.Join(';', Enumerable.Range(1, Count - 1).Select(
            thread => string.Join(',', Cores.Share(thread, Count).Cores.Select(core => (core + 1).ToString(CultureInfo.InvariantCulture)))));
}
