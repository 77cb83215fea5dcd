using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rectune.Core.Domain;
using Rectune.Core.Formats;

namespace Rectune.Engine.Load.Http;

/// <summary>What a server wants to see of its clients, and what they want to see of it. The token is sent and never shown.</summary>
public sealed class ServerAccess : IDisposable
{
    private readonly X509Certificate2Collection roots;

    private ServerAccess(string? token, X509Certificate2Collection roots, string? rootsFile)
    {
        Authorization = token is null ? null : $"Bearer {token}";
        this.roots = roots;
        RootsFile = rootsFile;
    }

    /// <summary>To a server that asks for nothing; certificates are trusted where the system trusts them.</summary>
    public static ServerAccess Free { get; } = new(token: null, new X509Certificate2Collection(), rootsFile: null);

    public bool HasToken => Authorization is not null;

    /// <summary>The file of the certificates that are trusted; null where those of the system are.</summary>
    public string? RootsFile { get; }

    /// <summary>Value of that header; null where none is sent.</summary>
    internal string? Authorization { get; }

    /// <param name="tokenText">What the token's file holds: the token, with or without blanks and line ends around it. Null: none is sent.</param>
    /// <param name="tokenFile">Only shown.</param>
    /// <param name="rootsPem">Certificates that are trusted instead of the system's, PEM. Null: the system's.</param>
    /// <param name="rootsFile">Only shown.</param>
    /// <exception cref="InvalidInputException">No header can carry the token, or there is no certificate. The message does not repeat the token.</exception>
    public static ServerAccess Read(string? tokenText, string? tokenFile, string? rootsPem, string? rootsFile) =>
        new(
            tokenText is null ? null : Token(tokenText, tokenFile ?? ""),
            rootsPem is null ? new X509Certificate2Collection() : Roots(rootsPem, rootsFile ?? ""),
            rootsPem is null ? null : rootsFile);

    public void Dispose()
    {
        foreach (var root in roots)
        {
            root.Dispose();
        }
    }

    /// <summary>What connects to a server and believes only certificates that <paramref name="check"/> finds nothing wrong with.</summary>
    internal SocketsHttpHandler Handler(CertificateCheck check)
    {
        // A proxy of the environment is not what is to be measured.
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false };
        handler.SslOptions.RemoteCertificateValidationCallback = check.Accepts;
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (roots.Count > 0)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        handler.SslOptions.CertificateChainPolicy = policy;
        return handler;
    }

    internal void Authorize(HttpRequestHeaders headers)
    {
        if (Authorization is not null)
        {
            headers.TryAddWithoutValidation("Authorization", Authorization);
        }
    }

    private static string Token(string text, string where) => TokenFormat.Read(
        text, where, length => length == 0 ? "found no token, expected one on a line" : null, "name the file that the server's --token-file names");

    private static X509Certificate2Collection Roots(string pem, string where)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new InvalidInputException(where, $"found a certificate that cannot be read ({e.Message}), expected PEM");
        }

        return found.Count > 0 ? found : throw new InvalidInputException(where, "found no 'BEGIN CERTIFICATE', expected the certificates to trust in PEM");
    }
}
