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

        // A proxy of the environment is not what is to be measured.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Patience, MaxResponseContentBufferSize = 16 << 20 };
        try
        {
            using var response = client.GetAsync(url, cancellation).GetAwaiter().GetResult();
            var body = response.Content.ReadAsByteArrayAsync(cancellation).GetAwaiter().GetResult();
            return response.StatusCode == HttpStatusCode.OK ? ServedModel.Read(body, name, url.AbsoluteUri) : throw Refused(response.StatusCode, body, name, url);
        }
        catch (HttpRequestException e)
        {
            throw new MissingResourceException($"{url} cannot be read: {e.Message}", "Check that a server of the Open Inference Protocol listens there.", e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new MissingResourceException($"{url}: no answer within {Patience.TotalSeconds} s.", "Check that the server is ready, and that it is one of the Open Inference Protocol.", e);
        }
    }

    private static Exception Refused(HttpStatusCode status, byte[] body, string name, Uri url)
    {
        var text = System.Text.Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(Quoted, body.Length)));
        return status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest
            ? new InvalidInputException("--name", $"found '{name}', which the server at {url} does not know: {text}", "say --name with the name of the model as it is served")
            : new MissingResourceException($"{url} was answered with status {(int)status}: {text}", "Check that the server is ready, and that it is one of the Open Inference Protocol.");
    }
}
