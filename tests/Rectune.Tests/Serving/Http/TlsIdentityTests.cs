using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
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
        using var handler = Trusting();
        using var client = new HttpClient(handler) { BaseAddress = server.Addresses[0], DefaultRequestVersion = new Version(version), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

        var response = await client.PostAsync("/v2/models/small/infer", new StringContent(SmallRequests.Valid));

        Assert.Equal("https", server.Addresses[0].Scheme);
        Assert.Equal(new Version(version), response.Version);
        Assert.Equal(SmallRequests.ValidScores, await RunningServer.ScoresAsync(response));
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET /v2 HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0000")]
    public async Task Https_NoHandshake_IsClosedAndOthersAreAnswered(string sent)
    {
        using var identity = TlsIdentity.Read(One.Certificate, One.Key, "c.pem", "k.pem");
        using var target = new FormulaTarget();
        await using var server = await HttpServer.StartAsync(
            RunningServer.Options with
            {
                Urls = ["https://127.0.0.1:0"],
                Tls = identity,
                Limits = new ConnectionLimits { HandshakeTimeout = TimeSpan.FromMilliseconds(300) },
            },
            target,
            new ServerMetrics());
        using var stranger = new TcpClient();
        await stranger.ConnectAsync(IPAddress.Loopback, server.Port);
        await stranger.Client.SendAsync(Encoding.Latin1.GetBytes(sent));

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var buffer = new byte[100];
        try
        {
            while (await stranger.Client.ReceiveAsync(buffer, patience.Token) > 0)
            {
                Assert.False(Encoding.Latin1.GetString(buffer).StartsWith("HTTP/", StringComparison.Ordinal));
            }
        }
        catch (SocketException)
        {
            // A reset closes as well.
        }

        using var handler = Trusting();
        using var client = new HttpClient(handler) { BaseAddress = server.Addresses[0] };
        Assert.Equal("""{"live":true}""", await client.GetStringAsync("/v2/health/live"));
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

    /// <summary>A client that trusts the first certificate and no other.</summary>
    private static SocketsHttpHandler Trusting()
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509Certificate2.CreateFromPem(One.Certificate) },
        };
        return handler;
    }
}
