using System.Net;
using System.Net.Sockets;
using Rectune.Core.Domain;

namespace Rectune.Engine.Load.Http;

/// <summary>
/// Where and how a server is reached: <c>http://host:port</c> is HTTP/1.1, <c>h2c://</c> HTTP/2 without TLS, <c>https://</c> HTTP/2 or HTTP/1.1 as the server chooses in the TLS handshake; with a path
/// before <c>/v2</c> where it has one.
/// </summary>
public sealed class ServerAddress
{
    private const string Cleartext2 = "h2c";

    /// <summary>A server that takes longer to accept a connection is as good as none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private ServerAddress(Uri root, bool cleartext2, IPEndPoint endPoint, ServerAccess access) => (Root, IsCleartext2, EndPoint, Access) = (root, cleartext2, endPoint, access);

    /// <summary>Ends in a slash; <c>http://</c> where <see cref="IsCleartext2"/>.</summary>
    public Uri Root { get; }

    /// <summary>HTTP/2 without TLS, which the client must know beforehand.</summary>
    public bool IsCleartext2 { get; }

    public bool IsTls => Root.Scheme == Uri.UriSchemeHttps;

    public IPEndPoint EndPoint { get; }

    /// <summary>What requests carry, and which certificates are believed.</summary>
    public ServerAccess Access { get; }

    /// <summary>Host and port as requests name them.</summary>
    public string Host => Root.Authority;

    /// <summary>What stands before <c>v2</c> in every request: <c>/</c> where the server has no path of its own.</summary>
    public string Path => Root.AbsolutePath;

    /// <summary>As it was given.</summary>
    public override string ToString() => $"{(IsCleartext2 ? Cleartext2 : Root.Scheme)}{Root.AbsoluteUri.AsSpan(Root.Scheme.Length).TrimEnd('/')}";

    /// <inheritdoc cref="Find(string, ServerAccess, CancellationToken)"/>
    public static ServerAddress Find(string url, CancellationToken cancellation) => Find(url, ServerAccess.Free, cancellation);

    /// <summary>Reads an address and looks for a server there.</summary>
    /// <exception cref="InvalidInputException">It is no address that can be asked.</exception>
    /// <exception cref="MissingResourceException">Nobody listens there.</exception>
    public static ServerAddress Find(string url, ServerAccess access, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(access);
        var (root, cleartext2) = Parse(url);
        if (access.RootsFile is { } file && root.Scheme != Uri.UriSchemeHttps)
        {
            throw new InvalidInputException("--ca", $"found '{file}' for {url}, which shows no certificate", "leave it out, or name an https:// address");
        }

        var reason = "";
        foreach (var address in AddressesOf(root, cancellation))
        {
            var endPoint = new IPEndPoint(address, root.Port);
            if (Listens(endPoint, cancellation, out reason))
            {
                return new ServerAddress(root, cleartext2, endPoint, access);
            }
        }

        throw new MissingResourceException($"No server answers at {url}: {reason}.", $"Start one there, such as rectune apply plan.json --urls http://127.0.0.1:{root.Port}, or name another address.");
    }

    /// <summary>A request that says everything but what is asked.</summary>
    internal HttpRequestMessage Request(HttpMethod method, Uri url)
    {
        var message = new HttpRequestMessage(method, url)
        {
            Version = IsTls || IsCleartext2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = IsTls ? HttpVersionPolicy.RequestVersionOrLower : HttpVersionPolicy.RequestVersionExact,
        };
        message.Headers.TryAddWithoutValidation("User-Agent", "rectune");
        Access.Authorize(message.Headers);
        return message;
    }

    /// <summary>What to tell of status 401, which the token's file mends.</summary>
    internal InvalidInputException Unauthorized() => Access.HasToken
        ? new InvalidInputException("--token-file", $"found a token that the server at {this} does not accept (status 401)", "name the file that the server's own --token-file names")
        : new InvalidInputException("--token-file", $"found none, and the server at {this} answers only requests with a token (status 401)", "name the file that the server's own --token-file names");

    private static (Uri Root, bool Cleartext2) Parse(string url)
    {
        var problem = !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.Port < 0 ? $"found '{url}', expected an address such as http://127.0.0.1:8000"
            : uri.Scheme is not ("http" or "https" or Cleartext2) ? $"found '{url}', expected http://, https:// or h2c:// (HTTP/2 without TLS)"
            : uri.Query.Length + uri.Fragment.Length + uri.UserInfo.Length > 0 ? $"found '{url}', expected host, port and path alone"
            : null;
        if (problem is not null)
        {
            throw new InvalidInputException("url", problem);
        }

        var cleartext2 = uri!.Scheme == Cleartext2;
        return (new Uri($"{(cleartext2 ? Uri.UriSchemeHttp : uri.Scheme)}{uri.AbsoluteUri.AsSpan(uri.Scheme.Length).TrimEnd('/')}/"), cleartext2);
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
