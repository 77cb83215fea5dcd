using Rectune.Core.Domain;
using Rectune.Core.Workloads;
using Rectune.Engine.Load.Http;
using Rectune.Engine.Serving.Http;
using Rectune.Tests.Fakes;
using Rectune.Tests.Serving.Http;
using Xunit;

namespace Rectune.Tests.Load.Http;

/// <summary>The runtime's client as a target of load: over HTTP/1.1 of a scripted server, and over TLS and HTTP/2 of the project's own.</summary>
public sealed class HttpClientLoadTargetTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Submit_ServerAnswers_EveryQueryEndsOnceOverFewConnections()
    {
        using var server = new ScriptedHttpServer(_ => ScriptedHttpServer.Scores);
        using var client = new LoadedSocket(server, connections: 4, byRuntimesClient: true);
        Assert.Null(client.Target.Protocol);
        client.Submit(500);
        client.Wait(500);
        var report = client.Target.TakeReport();
        Assert.Equal((500, 500, 500), (report.Sent, report.Answered, client.Ended(QueryEnd.Answered)));
        Assert.InRange(report.MostConnections, 1, 4);
        Assert.InRange(server.Connections, 1, 4);
        Assert.Null(report.FirstProblem);
        Assert.Equal("http/1.1", client.Target.Protocol);
    }

    [Fact]
    public void Submit_MoreThanMayBeUnderWay_WaitInLine()
    {
        using var server = new ScriptedHttpServer(_ => ScriptedHttpServer.Scores);
        server.Hold();
        using var client = new LoadedSocket(server, connections: 2, byRuntimesClient: true);
        client.Submit(5);
        Assert.True(SpinWait.SpinUntil(() => server.Requests == 2, TimeSpan.FromSeconds(30)));
        server.Release();
        client.Wait(5);
        var report = client.Target.TakeReport();
        Assert.Equal((5, 3), (report.Answered, report.WaitedForConnection));
        Assert.InRange(report.MostConnections, 1, 2);
    }

    [Theory]
    [InlineData("503 Service Unavailable", QueryEnd.Late)]
    [InlineData("429 Too Many Requests", QueryEnd.Late)]
    [InlineData("500 Internal Server Error", QueryEnd.Failed)]
    [InlineData("200 OK", QueryEnd.Failed)]
    public void Submit_AnswerWithoutScores_IsNoneAndTheFirstIsTold(string status, QueryEnd end)
    {
        using var server = new ScriptedHttpServer(_ => new ScriptedHttpServer.Reply(ScriptedHttpServer.Response(status, """{"error":"nothing for you"}"""), ScriptedHttpServer.After.Keep));
        using var client = new LoadedSocket(server, byRuntimesClient: true);
        client.Submit(3);
        client.Wait(3);
        var report = client.Target.TakeReport();
        Assert.Equal((3, 0, 3), (report.Sent, report.Answered, client.Ended(end)));
        Assert.Equal(3, report.Refused + report.OtherStatus + report.Malformed);
        Assert.Contains("nothing for you", report.FirstProblem, StringComparison.Ordinal);
    }

    [Fact]
    public void Submit_NoAnswerInTime_FailsThoseUnderWayAndThoseInLine()
    {
        using var server = new ScriptedHttpServer(_ => ScriptedHttpServer.Scores);
        server.Hold();
        using var client = new LoadedSocket(server, connections: 1, timeoutSeconds: 0.1, byRuntimesClient: true);
        client.Submit(3);
        client.Wait(3);
        var report = client.Target.TakeReport();
        Assert.Equal((3, 3), (report.TimedOut, client.Ended(QueryEnd.Failed)));
        server.Release();
    }

    [Theory]
    [InlineData(1200.0 * 3600)]
    [InlineData(200.0 * 365 * 24 * 3600)]
    public void Submit_TimeoutLongerThanTimersCount_IsAnswered(double timeoutSeconds)
    {
        using var server = new ScriptedHttpServer(_ => ScriptedHttpServer.Scores);
        using var client = new LoadedSocket(server, connections: 1, timeoutSeconds: timeoutSeconds, byRuntimesClient: true);
        client.Submit(3);
        client.Wait(3);
        Assert.Equal(3, client.Target.TakeReport().Answered);
    }

    [Fact]
    public void Dispose_QueriesUnderWay_EndAsFailed()
    {
        using var server = new ScriptedHttpServer(_ => ScriptedHttpServer.Scores);
        server.Hold();
        using var client = new LoadedSocket(server, connections: 1, byRuntimesClient: true);
        client.Submit(3);
        Assert.True(SpinWait.SpinUntil(() => server.Requests == 1, TimeSpan.FromSeconds(30)));
        client.Target.Dispose();
        client.Wait(3);
        Assert.Equal(3, client.Ended(QueryEnd.Failed));
        server.Release();
    }

    [Fact]
    public async Task Submit_OneHttp2Connection_CarriesManyQueriesAtOnce()
    {
        const int queries = 50;
        await using var running = await RunningServer.StartAsync(change: options => options with { Urls = ["h2c://127.0.0.1:0"] });
        running.Target.Hold();
        var address = ServerAddress.Find(running.Server.Urls[0], Cancellation);
        var model = ModelDiscovery.Find(address, "small", Cancellation);
        var requests = PreparedRequests.Write(address, model, new UniformValues(model, 2, 1), new FixedSizes(1), TensorEncoding.Binary, 1);
        using var target = new HttpClientLoadTarget(address, model, requests, 1000, TimeSpan.FromSeconds(60), TimeProvider.System);
        using var answers = new CountedAnswers(queries);
        for (var i = 0; i < queries; i++)
        {
            target.Submit(requests.Pool, i, 1, answers, i);
        }

        Assert.True(SpinWait.SpinUntil(() => running.Server.InFlight == queries, TimeSpan.FromSeconds(50)), $"{running.Server.InFlight} queries reached the server");
        running.Target.Release();
        Assert.True(answers.Wait(TimeSpan.FromSeconds(50)));
        var report = target.TakeReport();
        Assert.Equal((queries, "h2c"), (report.Answered, target.Protocol));
        Assert.InRange(report.MostConnections, 1, 3);
        await running.CountedAsync(queries, QueryOutcome.Answered);
    }

    [Fact]
    public void Submit_TlsServerOfHttp1Alone_TravelsOverHttp1()
    {
        var (certificate, key) = TestIdentity.Create();
        using var identity = TlsIdentity.Read(certificate, key, "certificate", "key");
        using var server = new TlsHttp1Server(identity);
        using var access = ServerAccess.Read(tokenText: null, tokenFile: null, certificate, "certificate");
        var address = ServerAddress.Find(server.Url, access, Cancellation);
        var requests = PreparedRequests.Write(address, LoadedSocket.Model, new UniformValues(LoadedSocket.Model, 2, 1), new FixedSizes(1), TensorEncoding.Binary, 1);
        using var target = new HttpClientLoadTarget(address, LoadedSocket.Model, requests, 1, TimeSpan.FromSeconds(60), TimeProvider.System);
        using var answers = new CountedAnswers(3);
        for (var i = 0; i < 3; i++)
        {
            target.Submit(requests.Pool, i, 1, answers, i);
        }

        Assert.True(answers.Wait(TimeSpan.FromSeconds(50)));
        var report = target.TakeReport();
        Assert.True(report.Answered == 3, report.FirstProblem);
        Assert.Equal(("http/1.1 over TLS", 1), (target.Protocol, report.MostConnections));
    }

    [Fact]
    public void Submit_CertificateIsNotTrusted_FailsAndSaysSo()
    {
        var (certificate, key) = TestIdentity.Create();
        using var identity = TlsIdentity.Read(certificate, key, "certificate", "key");
        using var server = new TlsHttp1Server(identity);
        var address = ServerAddress.Find(server.Url, Cancellation);
        var requests = PreparedRequests.Write(address, LoadedSocket.Model, new UniformValues(LoadedSocket.Model, 2, 1), new FixedSizes(1), TensorEncoding.Binary, 1);
        using var target = new HttpClientLoadTarget(address, LoadedSocket.Model, requests, 1, TimeSpan.FromSeconds(60), TimeProvider.System);
        using var answers = new CountedAnswers(1);
        target.Submit(requests.Pool, 0, 1, answers, 0);
        Assert.True(answers.Wait(TimeSpan.FromSeconds(50)));
        var report = target.TakeReport();
        Assert.Equal(1, report.Disconnected);
        Assert.Contains("is not trusted (CN=localhost: ", report.FirstProblem, StringComparison.Ordinal);
        Assert.Null(target.Protocol);
    }

    private sealed class CountedAnswers(int queries) : IQueryObserver, IDisposable
    {
        private readonly CountdownEvent left = new(queries);

        public void Ended(long tag, ReadOnlySpan<float> scores, QueryEnd end) => left.Signal();

        public bool Wait(TimeSpan patience) => left.Wait(patience);

        public void Dispose() => left.Dispose();
    }
}
