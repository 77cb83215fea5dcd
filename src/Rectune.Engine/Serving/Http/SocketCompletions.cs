using System.Runtime.CompilerServices;

namespace Rectune.Engine.Serving.Http;

/// <summary>
/// On which threads it goes on when bytes have come: on those that wait for sockets, of which there is one a core, or on others, which have to be woken first (10 to 100 us). Whoever has much to do, or
/// may be given more at once, leaves them to the other connections.
/// </summary>
public static class SocketCompletions
{
    /// <summary>The runtime's setting, as its documentation of <c>UnsafePreferInlineScheduling</c> recommends it beside that.</summary>
    private const string Setting = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Has it go on on the threads that wait for sockets, unless the environment says otherwise. To be called before the process has a socket.</summary>
    public static void RunInline(IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (!environment.ContainsKey(Setting))
        {
            Environment.SetEnvironmentVariable(Setting, "1");
        }
    }

    /// <summary>Goes on on the thread pool where this is a thread that others wait for: one of those, or an instance's.</summary>
    internal static ConfiguredTaskAwaitable LeaveAsync() =>
        Task.CompletedTask.ConfigureAwait(Thread.CurrentThread.IsThreadPoolThread ? ConfigureAwaitOptions.None : ConfigureAwaitOptions.ForceYielding);
}
