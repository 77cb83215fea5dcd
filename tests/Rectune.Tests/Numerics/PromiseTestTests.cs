using Rectune.Core.Numerics;
using Xunit;

namespace Rectune.Tests.Numerics;

public sealed class PromiseTestTests
{
    private const double Allowed = 0.01;
    private static readonly PromiseTest P99 = new(Allowed, 0.99);

    [Fact]
    public void ErrorOf_AllLooks_SumsToOneMinusConfidence()
    {
        double sum = 0;
        for (var look = 1; look <= 200_000; look++)
        {
            sum += P99.ErrorOf(look);
        }

        Assert.Equal(0.01, sum, 6);
    }

    [Fact]
    public void Judge_FewQueries_IsInconclusiveAndSaysHowManyMore()
    {
        var judgement = P99.Judge(new double[100], 1);

        Assert.Equal(PromiseOutcome.Inconclusive, judgement.Outcome);
        Assert.Equal(new Interval(0, 0, 1), judgement.OverLimitShare);

        // The next look may spend 0.01 · 6/(4π²): ln of it over ln 0.99 gives 642 queries without a violation.
        Assert.Equal(Math.Ceiling(Math.Log(0.01 * 6 / (4 * Math.PI * Math.PI)) / Math.Log(0.99)) - 100, (double)judgement.QueriesNeeded!.Value);
    }

    [Fact]
    public void Judge_IndependentAndWellWithin_IsMet()
    {
        var judgement = P99.Judge(Exponential(20_000, 1), -Math.Log(0.002));

        Assert.Equal(PromiseOutcome.Met, judgement.Outcome);
        Assert.InRange(judgement.DesignEffect, 1, 3);
        Assert.True(judgement.OverLimitShare.High <= Allowed);
        Assert.True(judgement.Percentile!.Value.High <= -Math.Log(0.002));
        Assert.InRange(-Math.Log(0.01), judgement.Percentile.Value.Low, judgement.Percentile.Value.High);
        Assert.Null(judgement.QueriesNeeded);
    }

    [Fact]
    public void Judge_IndependentAndWellBeyond_IsMissed()
    {
        var judgement = P99.Judge(Exponential(20_000, 2), -Math.Log(0.02));

        Assert.Equal(PromiseOutcome.Missed, judgement.Outcome);
        Assert.True(judgement.OverLimitShare.Low > Allowed);
        Assert.True(judgement.Percentile!.Value.Low >= -Math.Log(0.02));
    }

    [Fact]
    public void Judge_FollowingItsOwnAdvice_DecidesWithinAFewLooks()
    {
        var limit = -Math.Log(0.005);
        var all = Exponential(400_000, 3);
        var count = 1_000;
        var judgement = P99.Judge(all.AsSpan(0, count), limit);
        Assert.Equal(PromiseOutcome.Inconclusive, judgement.Outcome);
        for (var look = 2; look <= 6 && judgement.Outcome == PromiseOutcome.Inconclusive; look++)
        {
            count += (int)judgement.QueriesNeeded!.Value;
            judgement = P99.Judge(all.AsSpan(0, count), limit, look);
        }

        Assert.Equal(PromiseOutcome.Met, judgement.Outcome);
    }

    /// <summary>Series from well within to well beyond, independent and in bursts.</summary>
    [Fact]
    public void Certifies_AnySeries_IsWhetherTheJudgementIsMet()
    {
        var met = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            var latencies = Exponential(400 + (50 * seed), (ulong)seed);
            for (var i = 0; seed % 3 == 0 && i < latencies.Length; i++)
            {
                latencies[i] = latencies[i / 5 * 5];
            }

            var limit = -Math.Log(0.0005 * (1 + (seed % 20)));
            var look = 1 + (seed % 2);
            var judged = P99.Judge(latencies, limit, look).Outcome == PromiseOutcome.Met;
            Assert.Equal(judged, P99.Certifies(latencies, limit, look));
            met += judged ? 1 : 0;
        }

        Assert.InRange(met, 5, 55);
    }

    [Fact]
    public void Judge_RefusedQueries_CountAsOverTheLimit()
    {
        var latencies = Exponential(20_000, 4);
        for (var i = 0; i < latencies.Length; i += 50)
        {
            latencies[i] = double.PositiveInfinity;
        }

        var judgement = P99.Judge(latencies, 1e6);

        Assert.Equal(PromiseOutcome.Missed, judgement.Outcome);
        Assert.Equal(0.02, judgement.OverLimitShare.Value, 12);
        Assert.Equal(double.PositiveInfinity, judgement.Percentile!.Value.High);
    }

    [Fact]
    public void Judge_NoViolationInBurstyLatencies_DoesNotCountQueriesAsIndependent()
    {
        // 600 queries without a violation would do if they were independent; these come in bursts of 60 alike.
        var random = new SplitMix64(8);
        var latencies = new double[600];
        for (var i = 0; i < latencies.Length; i++)
        {
            latencies[i] = i % 60 == 0 ? random.NextExponential() : latencies[i - 1];
        }

        Assert.Equal(PromiseOutcome.Inconclusive, P99.Judge(latencies, 100).Outcome);
        Assert.Equal(PromiseOutcome.Met, P99.Judge(Exponential(2_000, 6), 100).Outcome);
    }

    [Fact]
    public void Judge_EqualLatencies_ComparesWithTheLimitInclusively()
    {
        var same = new double[2_000];
        Array.Fill(same, 5);

        Assert.Equal(PromiseOutcome.Met, P99.Judge(same, 5).Outcome);
        Assert.Equal(PromiseOutcome.Missed, P99.Judge(same, 4.999).Outcome);
    }

    // 400 sequences at a true share of 1.02 %; the whole budget of error is 1 %, so four false promises are the most to expect and nine are 2.5 spreads above.
    [Theory]
    [InlineData(0.0, 600)]
    [InlineData(0.0, 2_000)]
    [InlineData(0.3, 2_000)]
    [InlineData(0.5, 600)]
    [InlineData(0.5, 2_000)]
    [InlineData(0.8, 600)]
    [InlineData(0.8, 2_000)]
    [InlineData(0.9, 2_000)]
    public void Judge_ShareJustAboveAllowed_HardlyEverSaysMetHoweverOftenOneLooks(double load, int first)
    {
        var limit = LimitExceededBy(0.0102, load);
        int[] looks = [first, 2 * first, 4 * first];
        var wrong = 0;
        for (ulong trial = 0; trial < 400; trial++)
        {
            var latencies = Queue(looks[^1], load, 100 + trial);
            for (var look = 1; look <= looks.Length; look++)
            {
                if (P99.Judge(latencies.AsSpan(0, looks[look - 1]), limit, look).Outcome == PromiseOutcome.Met)
                {
                    wrong++;
                    break;
                }
            }
        }

        Assert.InRange(wrong, 0, 9);
    }

    [Fact]
    public void Judge_QueueWellWithinItsPromise_IsUsuallyMet()
    {
        var limit = LimitExceededBy(0.001, 0.5);
        var met = 0;
        for (ulong trial = 0; trial < 50; trial++)
        {
            met += P99.Judge(Queue(20_000, 0.5, trial), limit).Outcome == PromiseOutcome.Met ? 1 : 0;
        }

        Assert.InRange(met, 45, 50);
    }

    private static double LimitExceededBy(double share, double load)
    {
        var latencies = Queue(1_000_000, load, 1);
        Array.Sort(latencies);
        return Percentiles.NearestRank(latencies, 1 - share);
    }

    /// <summary>Sojourn times of M/D/1 with service time 1 by Lindley's recursion; independent exponentials when the load is 0.</summary>
    private static double[] Queue(int count, double load, ulong seed)
    {
        if (load == 0)
        {
            return Exponential(count, seed);
        }

        var random = SplitMix64.For(seed, 7);
        var latencies = new double[count];
        double work = 0;
        for (var i = -1_000; i < count; i++)
        {
            work = Math.Max(0, work - (random.NextExponential() / load)) + 1;
            if (i >= 0)
            {
                latencies[i] = work;
            }
        }

        return latencies;
    }

    private static double[] Exponential(int count, ulong seed)
    {
        var random = SplitMix64.For(seed, 9);
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = random.NextExponential();
        }

        return values;
    }
}
