using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Newtonsoft.Json.Linq;
using Xunit;

namespace Rectune.EndToEnd;

/// <summary>A plan served with everything that keeps strangers and trouble away, and what is said where one of its files is bad.</summary>
[Collection(nameof(PlannedModel))]
public sealed class SecuredServeTests(PlannedModel planned) : IDisposable
{
    private const string Secret = "8f3c0d5b7a914e26b0f1c2d3e4f5a6b7";

    private readonly Rectune rectune = new();

    public void Dispose() => rectune.Dispose();

    [Fact]
    public async Task Apply_TlsTokenAndLog_ServesThoseWhoMayAndTellsItsLife()
    {
        var certificate = WriteFiles();
        using var server = rectune.Start(
            "apply", "plan.json", "--urls", "https://127.0.0.1:0,h2c://127.0.0.1:0", "--tls-cert", "server.pem", "--tls-key", "server.key", "--token-file", "token",
            "--log", "server.jsonl", "--max-connections", "50", "--json");
        try
        {
            string[] urls = [.. (await Rectune.ReadNotice(server))["urls"]!.Values<string>().Select(url => url!)];
            using var handler = new SocketsHttpHandler();
            using var trusted = X509Certificate2.CreateFromPem(certificate);
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { trusted } };
            using var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
            Assert.StartsWith("https://", urls[0], StringComparison.Ordinal);
            Assert.StartsWith("h2c://", urls[1], StringComparison.Ordinal);
            foreach (var url in urls.Select(url => url.Replace("h2c://", "http://", StringComparison.Ordinal)))
            {
                Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(url + "/v2/health/ready"))).StatusCode);
                Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(new Uri(url + "/v2/live"))).StatusCode);
                using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(url + "/v2/live")) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
                message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Secret);
                var live = JObject.Parse(await (await http.SendAsync(message)).Content.ReadAsStringAsync());
                Assert.Equal(planned.Plan.Promise.Qps, (double)live["promise"]!["qps"]!);
                Assert.Equal(planned.Plan.Sla.LimitMs, (double)live["promise"]!["limitMs"]!);
            }
        }
        finally
        {
            Rectune.Signal(server, "TERM");
        }

        Assert.True(server.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, server.ExitCode);
        var log = await File.ReadAllTextAsync(rectune.PathOf("server.jsonl"));
        Assert.Equal(["started", "draining", "stopped"], log.TrimEnd('\n').Split('\n').Select(line => (string)JObject.Parse(line)["event"]!));
        Assert.DoesNotContain(Secret, log + await server.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--tls-cert: found without --tls-key", "--tls-cert", "server.pem")]
    [InlineData(3, "none.pem: the certificate does not exist", "--tls-cert", "none.pem", "--tls-key", "server.key")]
    [InlineData(2, "token: found no 'BEGIN CERTIFICATE'", "--tls-cert", "token", "--tls-key", "server.key")]
    [InlineData(2, "token: found no key of the certificate in server.pem", "--tls-cert", "server.pem", "--tls-key", "token")]
    [InlineData(2, "--tls-cert: found a certificate and no address", "--tls-cert", "server.pem", "--tls-key", "server.key")]
    [InlineData(2, "--urls: found 'https://127.0.0.1:0' without a certificate", "--urls", "https://127.0.0.1:0")]
    [InlineData(3, "none: the token does not exist", "--token-file", "none")]
    [InlineData(2, "short: found a token of 7 characters", "--token-file", "short")]
    [InlineData(3, "none/log: the log cannot be written", "--log", "none/log")]
    [InlineData(2, "--otlp: found 'collector:4318'", "--otlp", "collector:4318")]
    [InlineData(2, "--max-connections: found '0'", "--max-connections", "0")]
    public void Apply_BadFileOrSetting_SaysWhatIsWrongBeforeItLoads(int code, string expected, params string[] arguments)
    {
        WriteFiles();
        var result = rectune.Run(["apply", "plan.json", .. arguments]);

        Assert.True(result.Code == code, result.ToString());
        Assert.Contains($"error: {expected}", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("generating", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    private string WriteFiles()
    {
        planned.CopyTo(rectune, "plan.json");
        rectune.Write("token", Secret + "\n");
        rectune.Write("short", "hunter2\n");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        rectune.Write("server.key", key.ExportPkcs8PrivateKeyPem());
        rectune.Write("server.pem", certificate.ExportCertificatePem());
        return certificate.ExportCertificatePem();
    }
}
