using Rectune.Engine.Serving.Http;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving.Http;

public sealed class RecentQueriesTests
{
    private static readonly QueryOutcome[] Outcomes = Enum.GetValues<QueryOutcome>();

    [Fact]
    public void Full_QueriesOfSeveralSeconds_SumsTheFullOnesOfTheWindow()
    {
        var recent = new RecentQueries(2);
        recent.Answered(1, TimeSpan.FromMilliseconds(1), withinLimit: true, At(0.5));
        recent.Answered(10, TimeSpan.FromMilliseconds(1), withinLimit: true, At(1.0));
        recent.Answered(100, TimeSpan.FromMilliseconds(1), withinLimit: false, At(2.999));
        recent.Answered(1000, TimeSpan.FromMilliseconds(1), withinLimit: true, At(3.0));

        var tally = recent.Full(At(3.7));

        Assert.Equal(110, tally.Samples);
        Assert.Equal(2, tally.Owed);
        Assert.Equal(1, tally.GoodQueries);
        Assert.Equal(1100, recent.Full(At(4)).Samples);
        Assert.Equal(1000, recent.Full(At(5)).Samples);
        Assert.Equal(0, recent.Full(At(6)).Owed);
    }

    [Fact]
    public void Pressure_CountsTheSecondUnderWayToo()
    {
        var recent = new RecentQueries(3);
        recent.Ended(QueryOutcome.Refused, At(0));
        recent.Ended(QueryOutcome.Late, At(1));
        recent.Ended(QueryOutcome.Expired, At(2));
        recent.Answered(1, TimeSpan.FromMilliseconds(1), withinLimit: true, At(2.5));
        recent.Ended(QueryOutcome.Invalid, At(2.6));

        // A query that gave itself too little time, and one that was at fault, say nothing of the load.
        Assert.Equal((2, 1), recent.Pressure(At(2.9), before: 1));
        Assert.Equal((3, 2), recent.Pressure(At(2.9), before: 2));
        Assert.Equal((0, 0), recent.Pressure(At(60), before: 3));
    }

    [Fact]
    public void Ended_ManyQueries_EqualsASlowCount()
    {
        var random = Rectune.Core.Numerics.SplitMix64.For(seed: 11, purpose: 0);
        var recent = new RecentQueries(5);
        var all = new List<(long Second, QueryOutcome Outcome)>();
        var now = 0.0;
        for (var i = 0; i < 3000; i++)
        {
            now += random.NextInt64(20) / 1000.0;
            var outcome = Outcomes[random.NextInt64(Outcomes.Length)];
            all.Add(((long)now, outcome));
            if (outcome == QueryOutcome.Answered)
            {
                recent.Answered(1, TimeSpan.FromMilliseconds(2), withinLimit: true, At(now));
            }
            else
            {
                recent.Ended(outcome, At(now));
            }

            if (i % 100 == 0)
            {
                var tally = recent.Full(At(now));
                var window = all.Where(query => query.Second < (long)now && query.Second >= (long)now - 5).ToArray();
                foreach (var kind in Outcomes)
                {
                    Assert.Equal(window.Count(query => query.Outcome == kind), tally.Of(kind));
                }
            }
        }
    }

    [Fact]
    public void PercentileMs_RefusedQueries_AreOverEveryLimit()
    {
        var tally = new QueryTally();
        Assert.Null(tally.PercentileMs(50));
        for (var i = 1; i <= 98; i++)
        {
            tally.Answered(1, TimeSpan.FromMilliseconds(i), withinLimit: true);
        }

        Assert.Null(tally.PercentileMs(99));
        tally.Ended(QueryOutcome.Refused);
        tally.Ended(QueryOutcome.Failed);

        // Of 100: the 98 answered ones in order, then two without an answer.
        Assert.Equal(100, tally.Owed);
        Assert.InRange(tally.PercentileMs(50)!.Value, 50, 50 * 1.008);
        Assert.Equal(98, tally.PercentileMs(98)!.Value, 98 * 0.008);
        Assert.Equal(double.PositiveInfinity, tally.PercentileMs(99)!.Value);
    }

    [Fact]
    public void Record_SteadyState_AllocatesNothing()
    {
        var recent = new RecentQueries(4);
        using var target = new FormulaTarget();
        var watch = new ServerWatch(RunningServer.Options with { Plan = new ServedPlan(RunningServer.Promise) }, target, new ServerMetrics(), new DrainGate());
        var second = 0;
        Assert.Equal(0, Allocation.Of(() =>
        {
            second++;
            for (var i = 0; i < 100; i++)
            {
                recent.Answered(5, TimeSpan.FromMilliseconds(3), withinLimit: true, At(second));
                recent.Ended(QueryOutcome.Refused, At(second));
                watch.Entered();
                watch.Left();
                watch.Ended(new QueryEnding(QueryOutcome.Answered) { Samples = 5, Latency = TimeSpan.FromMilliseconds(3) }, requestId: null);
            }
        }));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
