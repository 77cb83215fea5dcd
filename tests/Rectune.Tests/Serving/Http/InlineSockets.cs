using System.Runtime.CompilerServices;
using Rectune.Engine.Serving.Http;

namespace Rectune.Tests.Serving.Http;

/// <summary>Servers in the tests go on on the threads that wait for sockets, as those behind <c>rectune apply</c> do.</summary>
internal static class InlineSockets
{
    [ModuleInitializer]
    internal static void Begin() => SocketCompletions.RunInline();
}
