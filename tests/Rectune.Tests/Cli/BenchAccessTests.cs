using Rectune.Cli;
using Rectune.Core.Formats;
using Rectune.Engine.Serving.Http;
using Rectune.Tests.Fakes;
using Rectune.Tests.Serving.Http;
using Xunit;

namespace Rectune.Tests.Cli;

/// <summary><c>rectune bench</c> of a server that wants a token, TLS or HTTP/2.</summary>
public sealed class BenchAccessTests : IDisposable
{
    private const string Secret = "8f3c0d5b7a914e26b0f1c2d3e4f5a6b7";

    private readonly RecordingWiring wiring = new();
    private readonly (string Certificate, string Key) identity = TestIdentity.Create();
    private readonly TlsIdentity tls;

    public BenchAccessTests()
    {
        tls = TlsIdentity.Read(identity.Certificate, identity.Key, "certificate", "key");
        wiring.Write("token", Secret + "\n");
        wiring.Write("server.pem", identity.Certificate);
    }

    private string TokenFile => Path.Combine(wiring.Folder, "token");

    private string Ca => Path.Combine(wiring.Folder, "server.pem");

    public void Dispose()
    {
        tls.Dispose();
        wiring.Dispose();
    }

    [Fact]
    public async Task Bench_RightToken_IsAnsweredAndNeverPrinted()
    {
        await using var running = await StartAsync("http://127.0.0.1:0", asksForToken: true);
        var report = Bench(running, "http", "--token-file", TokenFile);
        Assert.Equal("http/1.1", report.Protocol);
        Assert.DoesNotContain(Secret, wiring.Output + wiring.Error, StringComparison.Ordinal);
        Assert.Contains("(http/1.1, with a token)", wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_TokenFileInTheEnvironment_IsAnswered()
    {
        await using var running = await StartAsync("http://127.0.0.1:0", asksForToken: true);
        wiring.Environment["RECTUNE_TOKEN_FILE"] = TokenFile;
        Bench(running, "http");
    }

    [Theory]
    [InlineData(false, "--token-file: found none, and the server at http://127.0.0.1:")]
    [InlineData(true, "--token-file: found a token that the server at http://127.0.0.1:")]
    public async Task Bench_NoTokenOrAnother_EndsWithTwoNames401AndWhatToDo(bool another, string expected)
    {
        await using var running = await StartAsync("http://127.0.0.1:0", asksForToken: true);
        wiring.Write("other", new string('x', 32));
        string[] token = another ? ["--token-file", Path.Combine(wiring.Folder, "other")] : [];
        Assert.Equal(ExitCodes.Input, wiring.Run(["bench", Url(running, "http"), "--name", "small", "--sla", "p99=20s", .. token]));
        Assert.Contains(expected, wiring.Error, StringComparison.Ordinal);
        Assert.Contains("(status 401)", wiring.Error, StringComparison.Ordinal);
        Assert.Contains("name the file that the server's own --token-file names", wiring.Error, StringComparison.Ordinal);
        Assert.Equal(0, running.Target.Accepted);
    }

    [Fact]
    public async Task Bench_CertificateNamedByCa_IsAnsweredOverHttp2()
    {
        await using var running = await StartAsync("https://127.0.0.1:0", asksForToken: true);
        var report = Bench(running, "https", "--ca", Ca, "--token-file", TokenFile);
        Assert.Equal("h2 over TLS", report.Protocol);
        Assert.Equal(Url(running, "https"), report.Url);
        Assert.DoesNotContain(Secret, wiring.Output + wiring.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "nobody whom the system trusts signed it")]
    [InlineData(true, "signed it")]
    public async Task Bench_CertificateThatIsNotTrusted_EndsWithThreeAndSendsNothing(bool namesAnother, string expected)
    {
        await using var running = await StartAsync("https://127.0.0.1:0", asksForToken: false);
        wiring.Write("other.pem", TestIdentity.Create().Certificate);
        string[] ca = namesAnother ? ["--ca", Path.Combine(wiring.Folder, "other.pem")] : [];
        Assert.Equal(ExitCodes.Environment, wiring.Run(["bench", Url(running, "https"), "--name", "small", "--sla", "p99=20s", .. ca]));
        Assert.Contains($"The certificate of {Url(running, "https")} is not trusted (CN=localhost: ", wiring.Error, StringComparison.Ordinal);
        Assert.Contains(expected, wiring.Error, StringComparison.Ordinal);
        Assert.Contains("; nothing was sent.", wiring.Error, StringComparison.Ordinal);
        Assert.Contains("--ca FILE (PEM)", wiring.Error, StringComparison.Ordinal);
        Assert.Equal(0, running.Target.Accepted);
    }

    [Fact]
    public async Task Bench_H2c_SaysSo()
    {
        await using var running = await StartAsync("h2c://127.0.0.1:0", asksForToken: false);
        Assert.Equal("h2c", Bench(running, "h2c").Protocol);
        Assert.StartsWith("h2c://127.0.0.1:", running.Server.Urls[0], StringComparison.Ordinal);
        Assert.Contains($"at {running.Server.Urls[0]} (h2c)", wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_H2cOfAServerOfHttp1_SaysWhatToTry()
    {
        await using var running = await StartAsync("http://127.0.0.1:0", asksForToken: false);
        Assert.Equal(ExitCodes.Environment, wiring.Run("bench", Url(running, "h2c"), "--name", "small", "--sla", "p99=20s"));
        Assert.Contains("if not, say http:// or https://", wiring.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_TlsOfAServerWithout_SaysWhatToTry()
    {
        await using var running = await StartAsync("http://127.0.0.1:0", asksForToken: false);
        Assert.Equal(ExitCodes.Environment, wiring.Run("bench", Url(running, "https"), "--name", "small", "--sla", "p99=20s"));
        Assert.Contains("if not, say http:// or h2c://", wiring.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExitCodes.Input, "--ca: found '", "http://127.0.0.1:1", "--ca", "server.pem")]
    [InlineData(ExitCodes.Input, "found no 'BEGIN CERTIFICATE'", "https://127.0.0.1:1", "--ca", "token")]
    [InlineData(ExitCodes.Environment, "the certificate does not exist", "https://127.0.0.1:1", "--ca", "none")]
    [InlineData(ExitCodes.Environment, "the token does not exist", "https://127.0.0.1:1", "--token-file", "none")]
    [InlineData(ExitCodes.Input, "found a character that a bearer token cannot have at place 11", "https://127.0.0.1:1", "--token-file", "server.pem")]
    [InlineData(ExitCodes.Input, "found no token", "https://127.0.0.1:1", "--token-file", "empty")]
    public void Bench_BadFile_SaysWhatIsWrong(int code, string expected, string url, string flag, string file)
    {
        wiring.Write("empty", "\n");
        Assert.Equal(code, wiring.Run("bench", url, "--name", "m", "--sla", "p99=20ms", flag, Path.Combine(wiring.Folder, file)));
        Assert.Contains(expected, wiring.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("BEGIN CERTIFICATE-", wiring.Error, StringComparison.Ordinal);
    }

    private static string Url(RunningServer running, string scheme) => $"{scheme}://127.0.0.1:{running.Server.Port}";

    private Task<RunningServer> StartAsync(string url, bool asksForToken) => RunningServer.StartAsync(change: options => options with
    {
        Urls = [url],
        Tls = url.StartsWith("https", StringComparison.Ordinal) ? tls : null,
        Token = asksForToken ? BearerToken.Read(Secret, "token") : null,
    });

    /// <summary>Few queries that no limit can fail: none may be lost.</summary>
    private BenchReport Bench(RunningServer running, string scheme, params string[] settings)
    {
        var code = wiring.Run(["bench", Url(running, scheme), "--name", "small", "--sla", "p50=20s", "--qps", "200", "--for", "300ms", "--workload", "fixed:4", "--json", .. settings]);
        Assert.True(code is ExitCodes.Done or ExitCodes.Inconclusive, wiring.Error);
        var report = RecordText.Read<BenchReport>(wiring.Output, "stdout");
        var client = Assert.Single(report.Rates).Client;
        Assert.True(client.Sent > 0);
        Assert.Equal(client.Sent, client.Answered);
        return report;
    }
}
