using System.Net.Sockets;

namespace Rectune.Engine.Load.Http;

/// <summary>A connection that tells once that it is closed.</summary>
internal sealed class CountedStream(Socket socket, Action closed) : NetworkStream(socket, ownsSocket: true)
{
    private int told;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (Interlocked.Exchange(ref told, 1) == 0)
        {
            closed();
        }
    }
}
