using System.Net;
using Rectune.Core.Domain;

namespace Rectune.Engine.Load.Http;

/// <summary>Asks a server what a model takes.</summary>
public static class ModelDiscovery
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Characters of a server's answer that messages repeat.</summary>
    private const int Quoted = 200;

    /// <exception cref="InvalidInputException">The server has no such model, or one that no requests can be made up for.</exception>
    /// <exception cref="MissingResourceException">The server does not answer, or not as the protocol wants.</exception>
    public static ServedModel Find(ServerAddress address, string name, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(name);
        var url = new Uri(address.Root, $"v2/models/{Uri.EscapeDataString(name)}");

        var certificate = new CertificateCheck(address);
        using var client = new HttpClient(address.Access.Handler(certificate)) { Timeout = Patience, MaxResponseContentBufferSize = 16 << 20 };
        try
        {
            using var request = address.Request(HttpMethod.Get, url);
            using var response = client.SendAsync(request, cancellation).GetAwaiter().GetResult();
            var body = response.Content.ReadAsByteArrayAsync(cancellation).GetAwaiter().GetResult();
            return response.StatusCode == HttpStatusCode.OK ? ServedModel.Read(body, name, url.AbsoluteUri) : throw Refused(response.StatusCode, body, name, address, url);
        }
        catch (HttpRequestException e)
        {
            throw certificate.Refused(e) ?? new MissingResourceException($"{url} cannot be read: {Reason(e)}", Remedy(address), e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new MissingResourceException($"{url}: no answer within {Patience.TotalSeconds} s.", "Check that the server is ready, and that it is one of the Open Inference Protocol.", e);
        }
    }

    /// <summary>What the handshake says tells more than that there was none.</summary>
    private static string Reason(HttpRequestException e) => e.InnerException is { } inner ? $"{e.Message} {inner.Message}" : e.Message;

    private static string Remedy(ServerAddress address) => address.IsTls ? "Check that a server of the Open Inference Protocol listens there, and that it speaks TLS: if not, say http:// or h2c://."
        : address.IsCleartext2 ? "Check that a server of the Open Inference Protocol listens there, and that it speaks HTTP/2 without TLS: if not, say http:// or https://."
        : "Check that a server of the Open Inference Protocol listens there.";

    private static Exception Refused(HttpStatusCode status, byte[] body, string name, ServerAddress address, Uri url)
    {
        var text = System.Text.Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(Quoted, body.Length)));
        return status == HttpStatusCode.Unauthorized ? address.Unauthorized()
            : status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest
            ? new InvalidInputException("--name", $"found '{name}', which the server at {url} does not know: {text}", "say --name with the name of the model as it is served")
            : new MissingResourceException($"{url} was answered with status {(int)status}: {text}", "Check that the server is ready, and that it is one of the Open Inference Protocol.");
    }
}
