using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rectune.Core.Domain;

namespace Rectune.Engine.Serving.Http;

/// <summary>A server's certificate with its private key, and the certificates between it and a root.</summary>
public sealed class TlsIdentity : IDisposable
{
    private TlsIdentity(X509Certificate2 certificate, X509Certificate2Collection chain)
    {
        Certificate = certificate;
        Chain = chain;
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>In the order of the file, without <see cref="Certificate"/>.</summary>
    public X509Certificate2Collection Chain { get; }

    /// <param name="certificatePem">The server's certificate first, then those that signed it.</param>
    /// <param name="keyPem">Its private key, not encrypted.</param>
    /// <param name="certificateFile">Only shown.</param>
    /// <param name="keyFile">Only shown.</param>
    /// <exception cref="InvalidInputException">One of them is no PEM of its kind, or they do not belong together.</exception>
    public static TlsIdentity Read(string certificatePem, string keyPem, string certificateFile, string keyFile)
    {
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(certificatePem);
        }
        catch (CryptographicException e)
        {
            throw new InvalidInputException(certificateFile, $"found a certificate that cannot be read ({e.Message}), expected PEM");
        }

        if (chain.Count == 0)
        {
            throw new InvalidInputException(certificateFile, "found no 'BEGIN CERTIFICATE', expected a certificate in PEM");
        }

        using var leaf = chain[0];
        chain.RemoveAt(0);
        return new TlsIdentity(WithKey(leaf, keyPem, certificateFile, keyFile), chain);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        foreach (var issuer in Chain)
        {
            issuer.Dispose();
        }
    }

    private static X509Certificate2 WithKey(X509Certificate2 leaf, string keyPem, string certificateFile, string keyFile)
    {
        try
        {
            return X509Certificate2.CreateFromPem(leaf.ExportCertificatePem(), keyPem);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new InvalidInputException(
                keyFile, $"found no key of the certificate in {certificateFile} ({e.Message}), expected its private key in PEM, not encrypted", "a key is decrypted by: openssl pkey -in KEY -out PLAIN");
        }
    }
}
