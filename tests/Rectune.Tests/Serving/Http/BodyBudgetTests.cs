using System.Net;
using System.Net.Sockets;
using System.Text;
using Rectune.Engine.Serving.Http;
using Xunit;

namespace Rectune.Tests.Serving.Http;

/// <summary>Bodies that are under way together are bounded, whoever sends them and however slowly.</summary>
public sealed class BodyBudgetTests
{
    [Fact]
    public void TryTake_BeyondTheBound_TakesNothing()
    {
        var budget = new BodyBudget(100);
        Assert.True(budget.TryTake(60));
        Assert.False(budget.TryTake(41));
        Assert.Equal(60, budget.TakenBytes);
        Assert.True(budget.TryTake(40));
        budget.Return(100);
        Assert.Equal(0, budget.TakenBytes);
    }

    [Fact]
    public async Task Infer_OthersBodiesTakeAllRoom_Is503UntilTheyEnd()
    {
        // Room for one largest body of the model: one that stops just before its end takes it.
        await using var running = await RunningServer.StartAsync(change: options => options with { Limits = new ConnectionLimits { MaxBodyBytes = 0 } });
        var most = (int)running.Server.MostBodyBytes;
        using var first = await HalfAsync(running, most, most - 200);
        await RunningServer.UntilAsync(() => running.Server.BodyBytes == most - 200);

        var turnedAway = await running.InferAsync(SmallRequests.Valid);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, turnedAway.StatusCode);
        Assert.Equal("1", turnedAway.Headers.GetValues("Retry-After").Single());
        Assert.Contains("leave no room", await RunningServer.ErrorAsync(turnedAway), StringComparison.Ordinal);
        await running.CountedAsync(1, QueryOutcome.Refused);
        Assert.Equal(most - 200, running.Server.BodyBytes);
        first.Close();
        await RunningServer.UntilAsync(() => running.Server.BodyBytes == 0);
        Assert.Equal(SmallRequests.ValidScores, await RunningServer.ScoresAsync(await running.InferAsync(SmallRequests.Valid)));
        Assert.Empty(running.Faults);
    }

    [Fact]
    public async Task Infer_EveryEnd_GivesItsBodyBack()
    {
        await using var running = await RunningServer.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await running.InferAsync(SmallRequests.Valid)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await running.InferAsync("{")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await running.InferAsync(Encoding.UTF8.GetBytes(SmallRequests.Valid), jsonBytes: 10_000)).StatusCode);
        running.Target.Refuses = Rectune.Core.Domain.Admission.QueueFull;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await running.InferAsync(SmallRequests.Valid)).StatusCode);
        running.Target.Throws = true;
        Assert.Equal(HttpStatusCode.InternalServerError, (await running.InferAsync(SmallRequests.Valid)).StatusCode);

        await RunningServer.UntilAsync(() => running.Server.InFlight == 0);
        Assert.Equal(0, running.Server.BodyBytes);
    }

    /// <summary>A client that announces a body and sends so much of it.</summary>
    private static async Task<TcpClient> HalfAsync(RunningServer running, int announced, int sent)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, running.Server.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /v2/models/small/infer HTTP/1.1\r\nHost: x\r\nContent-Length: {announced}\r\n\r\n"));
        await client.GetStream().WriteAsync(new byte[sent]);
        return client;
    }
}
