using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Rectune.Core.Domain;

namespace Rectune.Engine.Serving.Http;

/// <summary>
/// A loopback address and port with the protocol spoken there, read from a URL: <c>http://</c> is HTTP/1.1, <c>https://</c> is HTTP/1.1 or HTTP/2 as the client asks in the TLS
/// handshake, <c>h2c://</c> is HTTP/2 without TLS for clients that know beforehand (without a handshake a connection cannot offer both).
/// </summary>
internal sealed record ListenAddress
{
    private const int LastPort = 65535;
    private const string Cleartext2 = "h2c";

    /// <summary>As it was given.</summary>
    public required string Url { get; init; }

    public required IPAddress Address { get; init; }

    public required int Port { get; init; }

    public required string Scheme { get; init; }

    /// <summary>A URL that is likely free when this one is taken.</summary>
    public string Neighbour => $"{Scheme}://127.0.0.1:{(Port is 0 or LastPort ? 8001 : Port + 1)}";

    /// <summary>As it is asked for once it is bound.</summary>
    /// <param name="bound">With the port actually taken.</param>
    public string Bound(Uri bound) => FormattableString.Invariant($"{Scheme}://{bound.Host}:{bound.Port}");

    /// <param name="hasCertificate">Whether <c>https://</c> can be spoken.</param>
    /// <exception cref="InvalidInputException">Some are no URLs of the loopback interface, or want TLS without a certificate; all are listed.</exception>
    public static IReadOnlyList<ListenAddress> ParseAll(IReadOnlyList<string> urls, bool hasCertificate)
    {
        var problems = new List<InputProblem>();
        var addresses = new List<ListenAddress>();
        foreach (var url in urls)
        {
            var problem = TryParse(url, out var address);
            if (problem is not null)
            {
                problems.Add(new InputProblem("--urls", problem, "rectune serves this machine only; put a proxy in front to serve others"));
            }
            else if (address!.Scheme == Uri.UriSchemeHttps && !hasCertificate)
            {
                problems.Add(new InputProblem("--urls", $"found '{url}' without a certificate, expected --tls-cert FILE --tls-key FILE beside it, or http://"));
            }
            else
            {
                addresses.Add(address);
            }
        }

        if (urls.Count == 0)
        {
            problems.Add(new InputProblem("--urls", "found none, expected at least one, such as http://127.0.0.1:8000"));
        }
        else if (hasCertificate && problems.Count == 0 && addresses.TrueForAll(a => a.Scheme != Uri.UriSchemeHttps))
        {
            problems.Add(new InputProblem("--tls-cert", "found a certificate and no address for it, expected one such as --urls https://127.0.0.1:8443"));
        }

        return problems.Count == 0 ? addresses : throw new InvalidInputException(problems);
    }

    /// <summary>Listens for a moment.</summary>
    /// <exception cref="MissingResourceException">The address cannot be bound: the port is taken, or not allowed to this user.</exception>
    public void RequireFree()
    {
        using var socket = new Socket(Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(Address, Port));
            socket.Listen();
        }
        catch (SocketException e)
        {
            throw Unbound(e.SocketErrorCode == SocketError.AddressAlreadyInUse, e);
        }
    }

    /// <summary>Why nothing listens here.</summary>
    public MissingResourceException Unbound(bool isTaken, Exception e) => isTaken
        ? new MissingResourceException($"Port {Port} is already in use ({Url}).", $"Stop what listens there, or choose another: --urls {Neighbour}", e)
        : new MissingResourceException($"Cannot listen on {Url}: {e.Message}", $"Choose another address: --urls {Neighbour}", e);

    public void Listen(KestrelServerOptions kestrel, HttpServerOptions options, ServerWatch watch) => kestrel.Listen(Address, Port, listen =>
    {
        listen.Use(next => async connection =>
        {
            watch.Connected();
            try
            {
                await next(connection);
            }
            finally
            {
                watch.Disconnected();
            }
        });
        listen.Protocols = Scheme switch
        {
            Cleartext2 => HttpProtocols.Http2,
            "https" => HttpProtocols.Http1AndHttp2,
            _ => HttpProtocols.Http1,
        };
        if (Scheme == Uri.UriSchemeHttps)
        {
            // Signing takes milliseconds: not on a thread that other connections wait for.
            listen.Use(next => async connection =>
            {
                await FirstBytesAsync(connection, options.Limits.HandshakeTimeout);
                await SocketCompletions.LeaveAsync();
                await next(connection);
            });
            listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = options.Tls!.Certificate,
                ServerCertificateChain = options.Tls.Chain,
                HandshakeTimeout = options.Limits.HandshakeTimeout,
            });
        }
    });

    /// <summary>Waits for them and leaves them where they are.</summary>
    private static async Task FirstBytesAsync(ConnectionContext connection, TimeSpan patience)
    {
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        impatience.CancelAfter(patience);
        try
        {
            var first = await connection.Transport.Input.ReadAsync(impatience.Token);
            connection.Transport.Input.AdvanceTo(first.Buffer.Start);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            connection.Abort();
        }
    }

    private static string? TryParse(string text, out ListenAddress? address)
    {
        address = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https" or Cleartext2) || uri.Port < 0)
        {
            return $"found '{text}', expected http://127.0.0.1:<port>, or https:// with a certificate, or h2c:// for HTTP/2 without one";
        }

        if (uri.PathAndQuery is not ("/" or "") || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
        {
            return $"found '{text}', expected no path, user or query";
        }

        var ip = uri.DnsSafeHost == "localhost" ? IPAddress.Loopback
            : IPAddress.TryParse(uri.DnsSafeHost, out var parsed) ? parsed : null;
        if (ip is null || !IPAddress.IsLoopback(ip))
        {
            return $"found host '{uri.Host}' in '{text}', expected 127.0.0.1, localhost or [::1]";
        }

        address = new ListenAddress { Url = text, Address = ip, Port = uri.Port, Scheme = uri.Scheme };
        return null;
    }
}
