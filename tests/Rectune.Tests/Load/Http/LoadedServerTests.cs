using Rectune.Core.Domain;
using Rectune.Core.Units;
using Rectune.Core.Workloads;
using Rectune.Engine.Load;
using Rectune.Engine.Load.Http;
using Rectune.Engine.Serving.Http;
using Rectune.Tests.Serving;
using Rectune.Tests.Serving.Http;
using Xunit;

namespace Rectune.Tests.Load.Http;

/// <summary>Generator, client and the project's own server together.</summary>
public sealed class LoadedServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(TensorEncoding.Binary)]
    [InlineData(TensorEncoding.Json)]
    public async Task Run_OwnServer_AnswersEveryQuery(TensorEncoding encoding)
    {
        await using var running = await RunningServer.StartAsync();
        var (result, report) = Load(running, encoding, queries: 400);
        Assert.Equal(400, result.LatencyMs.Length);
        Assert.All(result.LatencyMs, latency => Assert.True(double.IsFinite(latency)));
        Assert.Equal((400, 400), (report.Sent, report.Answered));
        await running.CountedAsync(400, QueryOutcome.Answered);
        Assert.Equal(result.Samples.Sum(samples => (long)samples), running.Metrics.Samples);
        Assert.InRange(report.MostConnections, 1, 32);
    }

    [Fact]
    public async Task Run_ServerRefuses_CountsEveryQueryAsOver()
    {
        await using var running = await RunningServer.StartAsync();
        running.Target.Refuses = Admission.QueueFull;
        var (result, report) = Load(running, TensorEncoding.Binary, queries: 100);
        Assert.All(result.LatencyMs, latency => Assert.Equal(double.PositiveInfinity, latency));
        Assert.Equal((100, 0), (report.Refused, result.Unanswered));
        await running.CountedAsync(100, QueryOutcome.Refused);
    }

    [Fact]
    public async Task Submit_ThousandsAtOnce_HaveAConnectionEach()
    {
        const int queries = 2000;
        await using var running = await RunningServer.StartAsync();
        running.Target.Hold();
        var address = ServerAddress.Find(running.Server.Addresses[0].AbsoluteUri, Cancellation);
        var model = ModelDiscovery.Find(address, "small", Cancellation);
        var requests = PreparedRequests.Write(address, model, new UniformValues(model, 2, 1), new FixedSizes(1), TensorEncoding.Binary, 1);
        using var target = new HttpLoadTarget(address.EndPoint, requests, 4096, TimeSpan.FromSeconds(60), TimeProvider.System);
        using var answers = new Answers(queries);
        for (var i = 0; i < queries; i++)
        {
            target.Submit(requests.Pool, i, 1, answers, i);
        }

        Assert.True(SpinWait.SpinUntil(() => running.Server.InFlight == queries, TimeSpan.FromSeconds(50)), $"{running.Server.InFlight} queries reached the server");
        running.Target.Release();
        Assert.True(answers.Wait(TimeSpan.FromSeconds(50)));
        var report = target.TakeReport();
        Assert.Equal((queries, queries, queries), (report.Answered, report.MostConnections, report.ConnectionsOpened));
    }

    [Fact]
    public async Task FirstQuery_IdsBeyondTheTables_IsTheInputsFault()
    {
        await using var running = await RunningServer.StartAsync();
        var address = ServerAddress.Find(running.Server.Addresses[0].AbsoluteUri, Cancellation);
        var model = ModelDiscovery.Find(address, "small", Cancellation);
        var requests = PreparedRequests.Write(address, model, new UniformValues(model, 1_000_000, 1), new FixedSizes(8), TensorEncoding.Binary, 1);
        using var target = new HttpLoadTarget(address.EndPoint, requests, 4, TimeSpan.FromSeconds(20), TimeProvider.System);
        var problem = Assert.Throws<InvalidInputException>(() => FirstQuery.Require(target, requests, address, Cancellation));
        Assert.Contains("status 400", problem.Message, StringComparison.Ordinal);
        Assert.Contains("--max-id", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FirstQuery_ServerRefuses_IsTheEnvironmentsFault()
    {
        await using var running = await RunningServer.StartAsync();
        running.Target.Refuses = Admission.Closing;
        var address = ServerAddress.Find(running.Server.Addresses[0].AbsoluteUri, Cancellation);
        var model = ModelDiscovery.Find(address, "small", Cancellation);
        var requests = PreparedRequests.Write(address, model, new UniformValues(model, 2, 1), new FixedSizes(8), TensorEncoding.Binary, 1);
        using var target = new HttpLoadTarget(address.EndPoint, requests, 4, TimeSpan.FromSeconds(20), TimeProvider.System);
        Assert.Contains("status 503", Assert.Throws<MissingResourceException>(() => FirstQuery.Require(target, requests, address, Cancellation)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModelDiscovery_UnknownModel_TellsWhatTheServerSaid()
    {
        await using var running = await RunningServer.StartAsync();
        var address = ServerAddress.Find(running.Server.Addresses[0].AbsoluteUri, Cancellation);
        var problem = Assert.Throws<InvalidInputException>(() => ModelDiscovery.Find(address, "large", Cancellation));
        Assert.Contains("expected 'small'", problem.Message, StringComparison.Ordinal);
    }

    private static (LoadResult Result, ClientReport Report) Load(RunningServer running, TensorEncoding encoding, int queries)
    {
        var address = ServerAddress.Find(running.Server.Addresses[0].AbsoluteUri, Cancellation);
        var model = ModelDiscovery.Find(address, "small", Cancellation);
        Assert.Equal(SmallRequests.MaxSamples, model.MaxSamples);
        var requests = PreparedRequests.Write(address, model, new UniformValues(model, 2, 1), new FixedSizes(5), encoding, 1);
        using var target = new HttpLoadTarget(address.EndPoint, requests, 32, TimeSpan.FromSeconds(20), TimeProvider.System);
        var schedule = ArrivalSchedule.Create(new PoissonArrivals(), requests.Sizes, 1000, queries, 4);
        var result = new OpenLoopGenerator(requests.Pool, TimeProvider.System).Run(target, schedule.InstantsNs, schedule.Sizes, 4, TimeSpan.FromSeconds(30), Cancellation);
        return (result, target.TakeReport());
    }

    private sealed class Answers(int queries) : IQueryObserver, IDisposable
    {
        private readonly CountdownEvent left = new(queries);

        public void Ended(long tag, ReadOnlySpan<float> scores, QueryEnd end) => left.Signal();

        public bool Wait(TimeSpan patience) => left.Wait(patience);

        public void Dispose() => left.Dispose();
    }
}
