using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Rectune.Core.Domain;

namespace Rectune.Engine.Load.Http;

/// <summary>Accepts a server's certificate only where nothing is wrong with it, and says what was. Nothing is sent to a server before.</summary>
internal sealed class CertificateCheck(ServerAddress address)
{
    private volatile string? problem;
    private volatile bool otherHost;

    /// <summary>For the handshake: false ends it.</summary>
    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        otherHost = errors == SslPolicyErrors.RemoteCertificateNameMismatch;
        problem = certificate is null ? "it shows none" : $"{certificate.Subject}: {string.Join(", ", Reasons(chain, errors))}";
        return false;
    }

    /// <summary>What to tell of a certificate that was not accepted; null where none was refused.</summary>
    public MissingResourceException? Refused(Exception cause)
    {
        if (problem is not { } found)
        {
            return null;
        }

        var remedy = otherHost ? "Name the server as its certificate does."
            : address.Access.RootsFile is { } file ? $"Name the certificate that signed the server's, or the server's own where it signs itself, in place of {file}: --ca FILE (PEM)."
            : "Name the certificate that signed the server's, or the server's own where it signs itself: --ca FILE (PEM).";
        return new MissingResourceException($"The certificate of {address} is not trusted ({found}); nothing was sent.", remedy, cause);
    }

    private IEnumerable<string> Reasons(X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            yield return $"it is not for the host {address.Root.Host}";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            var statuses = chain?.ChainStatus.Select(status => status.Status).Distinct().ToArray() ?? [];
            foreach (var status in statuses)
            {
                yield return status switch
                {
                    X509ChainStatusFlags.UntrustedRoot => address.Access.RootsFile is { } file ? $"no certificate in {file} signed it" : "nobody whom the system trusts signed it",
                    X509ChainStatusFlags.PartialChain => address.Access.RootsFile is { } file ? $"no certificate in {file} signed it, or one between is missing" : "nobody whom the system trusts signed it, or a certificate between is missing",
                    X509ChainStatusFlags.NotTimeValid => "it is not valid today",
                    _ => status.ToString(),
                };
            }
        }
    }
}
