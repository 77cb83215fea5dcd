using System.Text.Json;
using Rectune.Core.Domain;
using Rectune.Engine.Serving.Http;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving.Http;

public sealed class ServerLogTests
{
    [Fact]
    public void Write_Event_IsOneLineOfJson()
    {
        using var written = new StringWriter();
        using var log = new ServerLog(written, StillClock.AtNewYear());

        log.Write("started", json => json.WriteString("model", "a \"b\"\nc"));
        log.Write("stopped");
        Assert.True(log.Flush());

        Assert.Equal(
            """
            {"time":"2026-01-01T00:00:00Z","event":"started","model":"a \"b\"\nc"}
            {"time":"2026-01-01T00:00:00Z","event":"stopped"}

            """.ReplaceLineEndings("\n"),
            written.ToString());
    }

    [Fact]
    public void Query_ManyInASecond_AreCountedNotWritten()
    {
        var clock = StillClock.AtNewYear();
        using var written = new StringWriter();
        using var log = new ServerLog(written, clock);
        for (var i = 0; i < ServerLog.QueryLinesPerSecond + 7; i++)
        {
            log.Query(new QueryEnding(QueryOutcome.Refused) { Why = "full", Id = "\"q\"", Samples = 3 }, "r");
        }

        clock.Advance(1);
        log.Query(new QueryEnding(QueryOutcome.Abandoned), requestId: null);
        Assert.True(log.Flush());

        var lines = written.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(ServerLog.QueryLinesPerSecond + 1, lines.Length);
        Assert.Equal(
            """{"time":"2026-01-01T00:00:00Z","event":"query","outcome":"refused","why":"full","requestId":"r","id":"q","samples":3}""", lines[0]);
        Assert.Equal("""{"time":"2026-01-01T00:00:01Z","event":"query","outcome":"abandoned","suppressedBefore":7}""", lines[^1]);
    }

    [Fact]
    public void Write_DiskIsFull_LosesTheLineAndGoesOn()
    {
        using var log = new ServerLog(new FullDisk(), StillClock.AtNewYear());

        log.Write("started");
        log.Write("stopped");
        Assert.True(log.Flush());

        Assert.Equal(2, log.Lost);
    }

    [Fact]
    public void Write_PipeThatNobodyReads_HoldsNobodyUpAndLosesWhatThereIsNoRoomFor()
    {
        using var pipe = new FullPipe();
        using var log = new ServerLog(pipe, StillClock.AtNewYear());
        for (var i = 0; i < 3_000; i++)
        {
            log.Write("started");
        }

        // One line is stuck in the pipe, or waits like 1024 others.
        Assert.InRange(log.Lost, 3_000 - 1_025, 3_000 - 1_024);
        pipe.Read.Set();
        Assert.True(log.Flush());
        Assert.Equal(3_000, log.Lost + pipe.Lines);
    }

    [Fact]
    public async Task Serve_ALife_IsToldInOrder()
    {
        using var written = new StringWriter();
        using var log = new ServerLog(TextWriter.Synchronized(written), TimeProvider.System);
        await using var running = await RunningServer.StartAsync(change: options => options with { Log = log, Plan = new ServedPlan(RunningServer.Promise), Clock = StillClock.AtNewYear() });
        await running.InferAsync(SmallRequests.Valid);
        running.Target.Refuses = Admission.QueueFull;
        using var message = new HttpRequestMessage(HttpMethod.Post, "/v2/models/small/infer") { Content = new StringContent(SmallRequests.Valid) };
        message.Headers.Add("X-Request-Id", "trace-1");
        await running.SendAsync(message);
        running.Target.Refuses = null;
        running.Target.Throws = true;
        await running.InferAsync(SmallRequests.Valid);
        await running.CountedAsync(1, QueryOutcome.Failed);
        await running.Server.DrainAsync();
        Assert.True(log.Flush());

        var lines = written.ToString().TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(["started", "query", "fault", "query", "draining", "stopped"], lines.Select(line => line.GetProperty("event").GetString()));
        Assert.Equal("p99=20ms", lines[0].GetProperty("sla").GetString());
        Assert.Equal(running.Server.Port, new Uri(lines[0].GetProperty("urls")[0].GetString()!).Port);
        Assert.Equal("refused", lines[1].GetProperty("outcome").GetString());
        Assert.Equal("trace-1", lines[1].GetProperty("requestId").GetString());
        Assert.Equal("q1", lines[1].GetProperty("id").GetString());
        Assert.Equal(2, lines[1].GetProperty("samples").GetInt32());
        Assert.Contains("a bug in the target", lines[2].GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("failed", lines[3].GetProperty("outcome").GetString());
        Assert.Equal(1, lines[5].GetProperty("answered").GetInt64());
        Assert.Equal(2, lines[5].GetProperty("misses").GetInt64());
    }

    [Fact]
    public void TryTake_Budget_IsPerSecond()
    {
        var budget = new LineBudget(2);
        var taken = new[] { 0.0, 0.1, 0.2, 0.9, 1.0, 1.1, 1.2, 5.0 }.Select(second => budget.TryTake(TimeSpan.FromSeconds(second))).ToArray();

        Assert.Equal([true, true, false, false, true, true, false, true], taken);
        Assert.Equal(3, budget.TakeSuppressed());
        Assert.Equal(0, budget.TakeSuppressed());
    }

    private sealed class FullDisk : StringWriter
    {
        public override void Write(string? value) => throw new IOException("no space left");
    }

    /// <summary>Takes nothing until somebody reads.</summary>
    private sealed class FullPipe : StringWriter
    {
        private int lines;

        public ManualResetEventSlim Read { get; } = new();

        public int Lines => Volatile.Read(ref lines);

        public override void Write(string? value)
        {
            Read.Wait();
            Interlocked.Increment(ref lines);
        }

        protected override void Dispose(bool disposing)
        {
            Read.Dispose();
            base.Dispose(disposing);
        }
    }
}
