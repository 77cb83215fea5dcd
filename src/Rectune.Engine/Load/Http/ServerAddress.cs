using System.Net;
using System.Net.Sockets;
using Rectune.Core.Domain;

namespace Rectune.Engine.Load.Http;

/// <summary>Where a server is reached: <c>http://host:port</c>, with a path before <c>/v2</c> where it has one.</summary>
public sealed class ServerAddress
{
    /// <summary>A server that takes longer to accept a connection is as good as none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private ServerAddress(Uri root, IPEndPoint endPoint) => (Root, EndPoint) = (root, endPoint);

    /// <summary>Ends in a slash.</summary>
    public Uri Root { get; }

    public IPEndPoint EndPoint { get; }

    /// <summary>Host and port as requests name them.</summary>
    public string Host => Root.Authority;

    /// <summary>What stands before <c>v2</c> in every request: <c>/</c> where the server has no path of its own.</summary>
    public string Path => Root.AbsolutePath;

    public override string ToString() => Root.AbsoluteUri.TrimEnd('/');

    /// <summary>Reads an address and looks for a server there.</summary>
    /// <exception cref="InvalidInputException">It is no address that can be asked.</exception>
    /// <exception cref="MissingResourceException">Nobody listens there.</exception>
    public static ServerAddress Find(string url, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(url);
        var root = Parse(url);
        var reason = "";
        foreach (var address in AddressesOf(root, cancellation))
        {
            var endPoint = new IPEndPoint(address, root.Port);
            if (Listens(endPoint, cancellation, out reason))
            {
                return new ServerAddress(root, endPoint);
            }
        }

        throw new MissingResourceException($"No server answers at {url}: {reason}.", $"Start one there, such as rectune apply plan.json --urls http://127.0.0.1:{root.Port}, or name another address.");
    }

    private static Uri Parse(string url)
    {
        var problem = !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0 ? $"found '{url}', expected an address such as http://127.0.0.1:8000"
            : uri.Scheme != Uri.UriSchemeHttp ? $"found '{url}', expected http://: there is no TLS here"
            : uri.Query.Length + uri.Fragment.Length + uri.UserInfo.Length > 0 ? $"found '{url}', expected host, port and path alone"
            : null;
        return problem is null ? new Uri(uri!.AbsoluteUri.TrimEnd('/') + "/") : throw new InvalidInputException("url", problem);
    }

    private static IPAddress[] AddressesOf(Uri root, CancellationToken cancellation)
    {
        try
        {
            return Dns.GetHostAddressesAsync(root.DnsSafeHost, cancellation).GetAwaiter().GetResult();
        }
        catch (SocketException e)
        {
            throw new MissingResourceException($"No host is known as '{root.Host}': {e.Message}.", "Check the address.", e);
        }
    }

    private static bool Listens(IPEndPoint endPoint, CancellationToken cancellation, out string reason)
    {
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        soon.CancelAfter(Patience);
        try
        {
            socket.ConnectAsync(endPoint, soon.Token).AsTask().GetAwaiter().GetResult();
            reason = "";
            return true;
        }
        catch (SocketException e)
        {
            reason = e.Message;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            reason = $"no connection within {Patience.TotalSeconds} s";
        }

        return false;
    }
}
