using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Rectune.Engine.Serving.Http;

namespace Rectune.Tests.Fakes;

/// <summary>A server of TLS that knows HTTP/1.1 alone and answers every request with scores, one connection after the other.</summary>
internal sealed class TlsHttp1Server : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly TlsIdentity identity;

    public TlsHttp1Server(TlsIdentity identity)
    {
        this.identity = identity;
        listener.Start();
        _ = ServeAsync();
    }

    public string Url => $"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    public void Dispose() => listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await AnswerAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            await using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsServerAsync(identity.Certificate);
            var buffer = new byte[1 << 16];
            var held = 0;
            while (await stream.ReadAsync(buffer.AsMemory(held)) is > 0 and var got)
            {
                held += got;
                if (IsWhole(Encoding.Latin1.GetString(buffer, 0, held)))
                {
                    held = 0;
                    await stream.WriteAsync(ScriptedHttpServer.Scores.Bytes);
                }
            }
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // Whoever only looks whether somebody listens leaves before the handshake, and whoever does not trust the certificate in it.
        }
    }

    private static bool IsWhole(string request)
    {
        const string Length = "\r\nContent-Length: ";
        var (end, at) = (request.IndexOf("\r\n\r\n", StringComparison.Ordinal), request.IndexOf(Length, StringComparison.Ordinal));
        return end >= 0 && at >= 0 && request.Length - end - 4 == int.Parse(request[(at + Length.Length)..request.IndexOf('\r', at + 2)], CultureInfo.InvariantCulture);
    }
}
