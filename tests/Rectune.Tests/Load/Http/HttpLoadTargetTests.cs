using Rectune.Core.Domain;
using Rectune.Engine.Load.Http;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Load.Http;

public sealed class HttpLoadTargetTests
{
    private const string Outputs = """{"outputs":[{"name":"score","datatype":"FP32","shape":[1],"data":[0.5]}]}""";

    [Fact]
    public void Submit_ServerAnswers_EveryQueryEndsOnceOverFewConnections()
    {
        using var server = new ScriptedHttpServer(_ => ScriptedHttpServer.Scores);
        using var client = new LoadedSocket(server, connections: 4);
        client.Submit(500);
        client.Wait(500);
        var report = client.Target.TakeReport();
        Assert.Equal((500, 500, 500), (report.Sent, report.Answered, client.Ended(QueryEnd.Answered)));
        Assert.InRange(report.MostConnections, 1, 4);
        Assert.InRange(server.Connections, 1, 4);
        Assert.Equal(500, server.Requests);
        Assert.Null(report.FirstProblem);
        Assert.True(report.AcceptedP50Ms <= report.AcceptedP99Ms && report.AcceptedP99Ms <= report.AcceptedMaxMs);
    }

    [Fact]
    public void Submit_OneAfterTheOther_StaysOnOneConnection()
    {
        using var server = new ScriptedHttpServer(_ => ScriptedHttpServer.Scores);
        using var client = new LoadedSocket(server, connections: 4);
        for (var i = 0; i < 50; i++)
        {
            client.Submit(1);
            client.Wait(1);
        }

        // A query may come before the connection of the one before is back in the pool.
        Assert.InRange(server.Connections, 1, 2);
        Assert.Equal(50, client.Target.TakeReport().Answered);
    }

    [Fact]
    public void Submit_MoreThanConnections_WaitInLineAndTheirWaitingIsCounted()
    {
        var clock = StillClock.AtNewYear();
        using var server = new ScriptedHttpServer(_ => ScriptedHttpServer.Scores);
        server.Hold();
        using var client = new LoadedSocket(server, connections: 2, clock: clock);
        client.Submit(5);
        WaitUntil(() => server.Requests == 2);
        Assert.Equal(2, server.Requests);
        clock.Advance(0.05);
        server.Release();
        client.Wait(5);
        var report = client.Target.TakeReport();
        Assert.Equal((5, 2, 5), (report.Answered, report.MostConnections, report.WaitedForConnection));

        // The last three waited for 50 ms by the clock; the histogram rounds up by 0.8 % at most.
        Assert.InRange(report.WaitP99Ms!.Value, 50, 50.5);
        Assert.InRange(report.AcceptedMaxMs!.Value, 50, 50.5);
    }

    [Theory]
    [InlineData("503 Service Unavailable")]
    [InlineData("429 Too Many Requests")]
    public void Submit_ServerRefuses_IsCountedAndTheConnectionKept(string status)
    {
        using var server = new ScriptedHttpServer(i => i == 0 ? ScriptedHttpServer.Scores : new(ScriptedHttpServer.Response(status, "{\"error\":\"full\"}"), ScriptedHttpServer.After.Keep));
        using var client = new LoadedSocket(server, connections: 1);
        client.Submit(10);
        client.Wait(10);
        var report = client.Target.TakeReport();
        Assert.Equal((1, 9, 1), (report.Answered, report.Refused, server.Connections));
        Assert.Equal((1, 9), (client.Ended(QueryEnd.Answered), client.Ended(QueryEnd.Late)));
        Assert.StartsWith($"status {status[..3]}", report.FirstProblem, StringComparison.Ordinal);
    }

    [Fact]
    public void Submit_ServerFails_TellsTheFirstProblemOnce()
    {
        using var server = new ScriptedHttpServer(_ => new(ScriptedHttpServer.Response("500 Internal Server Error", "{\"error\":\"a bug\"}"), ScriptedHttpServer.After.Keep));
        using var client = new LoadedSocket(server);
        client.Submit(20);
        client.Wait(20);
        var report = client.Target.TakeReport();
        Assert.Equal(20, report.OtherStatus);
        Assert.Equal("status 500: {\"error\":\"a bug\"}", report.FirstProblem);
        Assert.Null(client.Target.TakeReport().FirstProblem);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"outputs\":[")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 74\r\n\r\n{\"outputs\":[{\"name\":\"s\",\"datatype\":\"FP32\",\"shape\":[2],\"data\":[0.123456]}]}")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")]
    public void Submit_ServerGarbles_FailsAndGoesOnWithOtherConnections(string garbled)
    {
        using var server = new ScriptedHttpServer(i => i % 2 == 0 ? ScriptedHttpServer.Text(garbled) : ScriptedHttpServer.Scores);
        using var client = new LoadedSocket(server, connections: 1);
        for (var i = 0; i < 6; i++)
        {
            client.Submit(1);
            client.Wait(1);
        }

        // A connection that once answered well is believed from then on: only what comes first on one is looked into.
        var report = client.Target.TakeReport();
        Assert.Equal(6, report.Answered + report.Malformed);
        Assert.InRange(report.Malformed, 1, 3);
        Assert.Equal(report.Malformed, client.Ended(QueryEnd.Failed));
        Assert.NotNull(report.FirstProblem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf of it")]
    public void Submit_ServerDisconnects_FailsAndOpensOthers(string sent)
    {
        using var server = new ScriptedHttpServer(_ => ScriptedHttpServer.Text(sent, ScriptedHttpServer.After.Close));
        using var client = new LoadedSocket(server, connections: 3);
        client.Submit(30);
        client.Wait(30);
        var report = client.Target.TakeReport();
        Assert.Equal((30, 30), (report.Disconnected, client.Ended(QueryEnd.Failed)));
        Assert.Equal(30, report.ConnectionsOpened);
    }

    [Theory]
    [InlineData($"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 73\r\n\r\n{Outputs}")]
    [InlineData($"HTTP/1.0 200 OK\r\n\r\n{Outputs}")]
    public void Submit_ServerClosesAfterEachAnswer_IsAnsweredOverAsManyConnections(string response)
    {
        Assert.Equal(73, Outputs.Length);
        using var server = new ScriptedHttpServer(_ => ScriptedHttpServer.Text(response, ScriptedHttpServer.After.Close));
        using var client = new LoadedSocket(server, connections: 2);
        client.Submit(20);
        client.Wait(20);
        var report = client.Target.TakeReport();
        Assert.Equal((20, 20), (report.Answered, report.ConnectionsOpened));
    }

    [Fact]
    public void Submit_NoAnswerInTime_FailsAndFreesTheConnection()
    {
        using var server = new ScriptedHttpServer(_ => ScriptedHttpServer.Scores);
        server.Hold();
        using var client = new LoadedSocket(server, connections: 1, timeoutSeconds: 0.1);
        client.Submit(3);
        client.Wait(3);
        Assert.Equal(3, client.Target.TakeReport().TimedOut);
        server.Release();
        client.Submit(1);
        client.Wait(1);
        Assert.Equal(1, client.Target.TakeReport().Answered);
    }

    [Fact]
    public void Submit_ServerGone_FailsAtOnce()
    {
        var server = new ScriptedHttpServer(_ => ScriptedHttpServer.Scores);
        using var client = new LoadedSocket(server, connections: 3);
        server.Dispose();
        client.Submit(10);
        client.Wait(10);
        Assert.Equal(10, client.Target.TakeReport().Disconnected);
    }

    [Fact]
    public void Submit_BodyLargerThanTheSocketTakes_IsSentWhole()
    {
        // 4096 samples of 20 bytes: more than the buffers of a socket that nobody reads take at once on small systems, and in any case several pieces for the reader.
        using var server = new ScriptedHttpServer(_ => ScriptedHttpServer.Scores);
        using var client = new LoadedSocket(server, connections: 8, samples: 4096);
        client.Submit(64);
        client.Wait(64);
        Assert.Equal(64, client.Target.TakeReport().Answered);
        Assert.Equal(64, server.Requests);
    }

    [Fact]
    public void Submit_AnsweredBeforeItIsSentWhole_IsAnsweredAndTheConnectionServesOn()
    {
        using var server = new ScriptedHttpServer(_ => ScriptedHttpServer.Scores) { AnswersEarly = true };
        using var client = new LoadedSocket(server, connections: 2, samples: 4096);
        client.Submit(40);
        client.Wait(40);
        Assert.Equal(40, client.Target.TakeReport().Answered);
        Assert.InRange(server.Connections, 1, 2);
    }

    [Fact]
    public void Dispose_QueriesUnderWay_EndsEachAsFailed()
    {
        using var server = new ScriptedHttpServer(_ => ScriptedHttpServer.Scores);
        server.Hold();
        using var client = new LoadedSocket(server, connections: 2);
        client.Submit(7);
        client.Target.Dispose();
        client.Wait(7);
        Assert.Equal(7, client.Ended(QueryEnd.Failed));
    }

    private static void WaitUntil(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(30)));
}
