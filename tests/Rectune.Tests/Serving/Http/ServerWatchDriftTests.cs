using Rectune.Core.Domain;
using Rectune.Engine.Serving.Http;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving.Http;

public sealed class ServerWatchDriftTests : IDisposable
{
    private readonly StillClock clock = StillClock.AtNewYear();
    private readonly StringWriter written = new();
    private readonly FormulaTarget target = new();
    private readonly List<ServedDrift> heard = [];
    private int replaced;
    private readonly ServedPlan plan = new(RunningServer.Promise);
    private readonly ServerLog log;
    private readonly ServerWatch watch;

    public ServerWatchDriftTests()
    {
        log = new ServerLog(written, clock);
        watch = new ServerWatch(RunningServer.Options with { Clock = clock, Plan = plan, Log = log, OnDrift = heard.Add, OnPlanReplaced = () => replaced++ }, target, new ServerMetrics(), new DrainGate());
        clock.Advance(60);
    }

    public void Dispose()
    {
        log.Dispose();
        target.Dispose();
        written.Dispose();
    }

    [Fact]
    public void LookForDrift_PathDriftsAndComesBack_IsToldOnceEach()
    {
        Look(DriftState.Unjudged, null);
        Look(DriftState.AsPlanned, 1.1);
        Look(DriftState.Slower, 1.5);
        Look(DriftState.Slower, 1.6);
        Look(DriftState.AsPlanned, 1.05);
        Look(DriftState.AsPlanned, 1);

        Assert.Equal([("p0", DriftState.Slower, false), ("p0", DriftState.AsPlanned, true)], heard.Select(news => (news.Path, news.Drift.State, news.IsOver)));
        Assert.True(log.Flush());
        Assert.Equal(
            """
            {"time":"2026-01-01T00:01:00Z","event":"drift-began","path":"p0","serviceTimes":"slower","ratio":1.5,"low":0.8,"high":1.25,"since":"2026-01-01T00:00:30Z"}
            {"time":"2026-01-01T00:01:00Z","event":"drift-ended","path":"p0","serviceTimes":"as-planned","ratio":1.05,"low":0.8,"high":1.25,"since":"2026-01-01T00:00:30Z"}

            """.ReplaceLineEndings("\n"),
            written.ToString());
    }

    [Fact]
    public void LookForDrift_TurnsRound_TellsTheOtherDirection()
    {
        Look(DriftState.Slower, 1.5);
        Look(DriftState.Faster, 0.6);

        Assert.Equal([DriftState.Slower, DriftState.Faster], heard.Select(news => news.Drift.State));
    }

    [Fact]
    public void LookForDrift_AnotherPlan_BeginsAnew()
    {
        Look(DriftState.Slower, 1.5);

        // The new server begins under the old promise, and has judged nothing.
        Look(DriftState.Unjudged, null);
        var before = replaced;
        plan.Replace(RunningServer.Promise with { Qps = 10 });
        Look(DriftState.AsPlanned, 1);
        Assert.Equal(before + 1, replaced);
        Look(DriftState.Slower, 1.4);

        Assert.Equal([1.5, 1.4], heard.Select(news => news.Drift.Ratio!.Value));
        Assert.Equal(before + 1, replaced);
    }

    [Fact]
    public void LookForDrift_TargetOfOtherPaths_IsNotMistakenForThePlans()
    {
        target.Uses = [Uses.Of(1, Uses.Drift(DriftState.Slower, 2))];
        watch.LookForDrift();

        Assert.Empty(heard);
        Assert.Empty(watch.UseOfPaths());
    }

    private void Look(DriftState state, double? ratio)
    {
        target.Uses = [Uses.Of(5, Uses.Drift(state, ratio)), Uses.Of(5, Uses.Drift(DriftState.AsPlanned, 1))];
        watch.LookForDrift();
    }
}
