using System.Net;
using System.Security.Cryptography.X509Certificates;
using Rectune.Core.Domain;
using Rectune.Engine.Serving.Http;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving.Http;

public sealed class TlsIdentityTests
{
    private static readonly (string Certificate, string Key) One = TestIdentity.Create();
    private static readonly (string Certificate, string Key) Other = TestIdentity.Create();

    [Fact]
    public void Read_CertificateWithAnIssuer_KeepsTheOrder()
    {
        using var identity = TlsIdentity.Read(One.Certificate + "\n" + Other.Certificate, One.Key, "c.pem", "k.pem");

        Assert.True(identity.Certificate.HasPrivateKey);
        Assert.Equal(One.Certificate, identity.Certificate.ExportCertificatePem());
        Assert.Equal(Other.Certificate, Assert.Single(identity.Chain).ExportCertificatePem());
    }

    [Fact]
    public void Read_NoCertificate_NamesTheFile() => Assert.Contains(
        "c.pem: found no 'BEGIN CERTIFICATE'",
        Assert.Throws<InvalidInputException>(() => TlsIdentity.Read(One.Key, One.Key, "c.pem", "k.pem")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Read_DamagedCertificate_NamesTheFile() => Assert.StartsWith(
        "c.pem: found",
        Assert.Throws<InvalidInputException>(() => TlsIdentity.Read("-----BEGIN CERTIFICATE-----\nMAo=\n-----END CERTIFICATE-----\n", One.Key, "c.pem", "k.pem")).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_KeyOfAnotherOrNone_NamesBothFiles(bool other)
    {
        var refusal = Assert.Throws<InvalidInputException>(() => TlsIdentity.Read(One.Certificate, other ? Other.Key : "no key", "c.pem", "k.pem"));

        Assert.StartsWith("k.pem: found no key of the certificate in c.pem", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Https_ClientChoosesTheVersion_IsAnswered(string version)
    {
        using var identity = TlsIdentity.Read(One.Certificate, One.Key, "c.pem", "k.pem");
        using var target = new FormulaTarget();
        await using var server = await HttpServer.StartAsync(
            RunningServer.Options with { Urls = ["https://127.0.0.1:0"], Tls = identity }, target, new ServerMetrics());
        using var handler = new SocketsHttpHandler();

        // The client trusts this certificate and no other.
        using var trusted = X509Certificate2.CreateFromPem(One.Certificate);
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { trusted } };
        using var client = new HttpClient(handler) { BaseAddress = server.Addresses[0], DefaultRequestVersion = new Version(version), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

        var response = await client.PostAsync("/v2/models/small/infer", new StringContent(SmallRequests.Valid));

        Assert.Equal("https", server.Addresses[0].Scheme);
        Assert.Equal(new Version(version), response.Version);
        Assert.Equal(SmallRequests.ValidScores, await RunningServer.ScoresAsync(response));
    }

    [Fact]
    public async Task H2c_ClientThatKnows_IsAnsweredBesideHttp1()
    {
        using var target = new FormulaTarget();
        await using var server = await HttpServer.StartAsync(
            RunningServer.Options with { Urls = ["http://127.0.0.1:0", "h2c://127.0.0.1:0"] }, target, new ServerMetrics());
        for (var i = 0; i < 2; i++)
        {
            using var client = new HttpClient
            {
                BaseAddress = server.Addresses[i],
                DefaultRequestVersion = i == 0 ? HttpVersion.Version11 : HttpVersion.Version20,
                DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };

            // Several at once share the one connection of HTTP/2.
            var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.PostAsync("/v2/models/small/infer", new StringContent(SmallRequests.Valid))));

            foreach (var response in responses)
            {
                Assert.Equal(i == 0 ? HttpVersion.Version11 : HttpVersion.Version20, response.Version);
                Assert.Equal(SmallRequests.ValidScores, await RunningServer.ScoresAsync(response));
            }
        }
    }

    [Fact]
    public async Task StartAsync_CertificateWithoutAddress_SaysWhatIsMissing()
    {
        using var identity = TlsIdentity.Read(One.Certificate, One.Key, "c.pem", "k.pem");
        using var target = new FormulaTarget();

        var refusal = await Assert.ThrowsAsync<InvalidInputException>(
            () => HttpServer.StartAsync(RunningServer.Options with { Tls = identity }, target, new ServerMetrics()));

        Assert.Contains("--tls-cert: found a certificate and no address for it", refusal.Message, StringComparison.Ordinal);
    }
}
