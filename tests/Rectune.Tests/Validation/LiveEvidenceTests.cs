using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Engine.Load;
using Rectune.Engine.Validation;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.LiveValidation;

/// <summary>What evidence is worth, on latencies that are made here.</summary>
public sealed class LiveEvidenceTests
{
    private const int Queries = 20_000;

    [Fact]
    public void OutOfReach_OneBurstAndLittleTimeLeft_IsNotWaitedFor()
    {
        using var target = new FormulaTarget();
        var evidence = Evidence(target, burst: 60);

        // 60 of 20,000 over the limit are 0.3 %, but they are one event: as little as a single query says of how often it comes back.
        Assert.Equal(Verdict.Inconclusive, evidence.Judge(look: 1).Verdict);
        var needed = evidence.Judge(look: 1).QueriesNeeded!.Value;
        Assert.True(needed > Queries);
        Assert.True(evidence.OutOfReach(Queries, look: 1));
        Assert.False(evidence.OutOfReach(needed, look: 1));
    }

    [Fact]
    public void OutOfReach_TooLittleTimeForAnyRate_GoesOn()
    {
        using var target = new FormulaTarget();

        // More than 500 independent queries with none over the limit are the fewest that certify a p99, at a later look still more: nobody decides with a thousand of a queue's.
        Assert.False(Evidence(target, burst: 60).OutOfReach(1_000, look: 1));
    }

    [Fact]
    public void OutOfReach_NothingOverTheLimit_GoesOnOrIsDecided()
    {
        using var target = new FormulaTarget();
        var evidence = Evidence(target, burst: 0);
        Assert.Equal(Verdict.Met, evidence.Judge(look: 1).Verdict);
        Assert.False(evidence.OutOfReach(Queries, look: 1));
    }

    /// <summary>Latencies between 1 and 2 ms, drawn independently, with so many in a row over the limit of 20 ms.</summary>
    private static LiveEvidence Evidence(FormulaTarget target, int burst)
    {
        var random = new SplitMix64(7);
        var latencies = new double[Queries];
        var samples = new int[Queries];
        var instants = new long[Queries];
        for (var i = 0; i < Queries; i++)
        {
            latencies[i] = i >= Queries / 2 && i < (Queries / 2) + burst ? 30 : 1 + random.NextDouble();
            samples[i] = 1;
            instants[i] = i * 1_000_000L;
        }

        var evidence = new LiveEvidence(new Sla { Percentile = 99, LimitMs = 20 }, qps: 1_000, new AnsweredQuality(target, []), confidence: 0.99);
        evidence.Add(
            new LoadResult
            {
                LatencyMs = latencies,
                RefusedMs = [.. latencies.Select(_ => double.PositiveInfinity)],
                ScheduledNs = instants,
                Samples = samples,
                LatenessUs = new double[Queries],
                ScheduledSeconds = Queries / 1_000.0,
                GeneratorCpuShare = null,
                Unanswered = 0,
            },
            settleSeconds: 0);
        return evidence;
    }
}
