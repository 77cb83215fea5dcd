using System.Net;
using System.Text.Json;
using Rectune.Core.Domain;
using Rectune.Engine.Data;
using Rectune.Engine.Serving;
using Rectune.Engine.Serving.Http;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving.Http;

/// <summary>The time of day is set forwards and backwards by an hour, again and again, under load; what is measured and promised goes by a clock that nobody sets.</summary>
public sealed class ClockStepTests
{
    private const int Queries = 200;

    [Fact]
    public async Task Infer_TimeOfDayJumps_LatenciesLimitsAndReadinessAreUnharmed()
    {
        var clock = new JumpingClock();
        using var text = new StringWriter();
        using var log = new ServerLog(text, clock);
        await using var running = await RunningServer.StartAsync(change: options => options with { Clock = clock, Log = log, Plan = new ServedPlan(RunningServer.Promise) });
        var patient = SmallRequests.Valid.Replace("{\"id\"", "{\"parameters\":{\"timeout\":60000000},\"id\"", StringComparison.Ordinal);
        var begun = clock.GetTimestamp();
        for (var i = 0; i < Queries; i++)
        {
            using var answer = await running.InferAsync(patient);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            if (i % 10 == 0)
            {
                Assert.Equal(HttpStatusCode.BadRequest, (await running.InferAsync("{")).StatusCode);
                Assert.Equal(HttpStatusCode.OK, (await running.GetAsync("/v2/health/ready")).StatusCode);
            }
        }

        await running.CountedAsync(Queries, QueryOutcome.Answered);
        var took = clock.GetElapsedTime(begun);
        Assert.InRange(running.Metrics.AnsweredLatency.SumSeconds, 0, took.TotalSeconds);
        Assert.InRange(running.Target.LastTerms!.Value.LimitUs, 60_000_000 - (long)took.TotalMicroseconds, 60_000_000);
        using var live = JsonDocument.Parse(await running.GetStringAsync("/v2/live"));
        Assert.InRange(live.RootElement.GetProperty("uptimeS").GetDouble(), 0, 60);

        // Each line of the log has the time of day, and nothing else asks for it.
        Assert.True(log.Flush());
        Assert.Equal(text.ToString().Count(letter => letter == '\n'), clock.Asked);
        Assert.True(clock.Asked > 2);
    }

    [Fact]
    public void Submit_TimeOfDayJumps_NoQueryIsLateOrLost()
    {
        var card = TinyModel.Card();
        var pool = TinyModel.Pool(card, 64);
        using var tables = TinyModel.Tables(seed: 11);
        var clock = new JumpingClock();
        var settings = new SchedulerSettings
        {
            Policy = SchedulingPolicies.Static,
            Instances = 1,
            SplitSamples = 16,
            MaxBatch = 16,
            BatchWindowUs = 200,
            QueueLimit = 1000,
            LimitUs = 60_000_000,
        };
        using var server = new InProcessServer(settings, [[TinyModel.Instance(card, tables, TablePrecision.Fp32, 1, 16, 11)]], clock);
        var ends = new Ends();
        for (var i = 0; i < 500; i++)
        {
            Assert.Equal(Admission.Accepted, server.Submit(pool, i % 60, 2, ends, i, new QueryTerms { LimitUs = 30_000_000 }));
        }

        Assert.True(server.Drain(TimeSpan.FromSeconds(30)));
        Assert.Equal((500, 0), (ends.Answered, clock.Asked));
    }

    private sealed class Ends : IQueryObserver
    {
        private int answered;

        public int Answered => Volatile.Read(ref answered);

        public void Ended(long tag, ReadOnlySpan<float> scores, QueryEnd end)
        {
            if (end == QueryEnd.Answered)
            {
                Interlocked.Increment(ref answered);
            }
        }
    }

    /// <summary>Another hour each time that it is asked for the time of day; timestamps go on as they do.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        private int asked;

        public int Asked => Volatile.Read(ref asked);

        public override DateTimeOffset GetUtcNow() => TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(Interlocked.Increment(ref asked) % 2 == 0 ? 1 : -1);
    }
}
