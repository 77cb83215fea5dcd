namespace Rectune.Engine.Serving.Http;

/// <summary>
/// On which threads it goes on when bytes have come: on those that wait for sockets, or on others, which have to be woken first (10 to 100 us). The runtime asks once in a process, before its first
/// socket.
/// </summary>
public static class SocketCompletions
{
    /// <summary>The runtime's setting, as its documentation of <c>UnsafePreferInlineScheduling</c> recommends it beside that.</summary>
    private const string Setting = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Has it go on on the threads that wait for sockets: what is done there must be short and wait for nothing but by await.</summary>
    public static void RunInline() => Environment.SetEnvironmentVariable(Setting, "1");
}
