using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Workloads;
using Rectune.Engine.Load;

namespace Rectune.Engine.Validation;

/// <summary>Collects replications and states the verdict with its reasons.</summary>
internal sealed class LiveEvidence(Sla sla, double qps, AnsweredQuality quality, double confidence)
{
    /// <summary>Times the allowed share over the limit that ends a run after <see cref="FarOffAfter"/> replications.</summary>
    private const double FarOffTimes = 3;

    private const int FarOffAfter = 2;

    /// <summary>Replications after which more than the allowed share over the limit ends a run.</summary>
    private const int OverAfter = 4;

    /// <summary>Queries of a queue at a load that can be held that are worth one independent one: three to six at a third to half of its capacity.</summary>
    private const double QueriesWorthOne = 4;

    private readonly PromiseTest test = new(sla.AllowedShare(), confidence);
    private readonly List<double> latenciesMs = [];
    private readonly List<double> latenessUs = [];
    private readonly List<double> refusedMs = [];
    private readonly List<(double GoodputQps, double SamplesInLimitPerSecond)> replications = [];
    private readonly GapVariation gaps = new();
    private double cpuSeconds;
    private double wallSeconds;
    private bool cpuKnown = true;
    private int over;

    /// <summary>Takes a replication without its first <paramref name="settleSeconds"/>.</summary>
    public void Add(LoadResult result, double settleSeconds)
    {
        var first = 0;
        while (first < result.ScheduledNs.Length && result.ScheduledNs[first] < settleSeconds * 1e9)
        {
            first++;
        }

        var met = 0;
        long samples = 0;
        for (var i = first; i < result.LatencyMs.Length; i++)
        {
            latenciesMs.Add(result.LatencyMs[i]);
            latenessUs.Add(result.LatenessUs[i]);
            if (double.IsFinite(result.RefusedMs[i]))
            {
                refusedMs.Add(result.RefusedMs[i]);
            }

            if (result.LatencyMs[i] <= sla.LimitMs)
            {
                met++;
                samples += result.Samples[i];
            }
            else
            {
                over++;
            }
        }

        gaps.Add(result.ScheduledNs);
        var seconds = Math.Max(1e-9, result.ScheduledSeconds - settleSeconds);
        replications.Add((met / seconds, samples / seconds));
        wallSeconds += result.ScheduledSeconds;
        cpuKnown &= result.GeneratorCpuShare is not null;
        cpuSeconds += (result.GeneratorCpuShare ?? 0) * result.ScheduledSeconds;
    }

    /// <summary>
    /// The share over the limit is so large that more of the same would hardly end well. Claims nothing, so it spends nothing of the allowed error.
    /// </summary>
    public bool Hopeless
    {
        get
        {
            var times = latenciesMs.Count == 0 ? 0 : (double)over / latenciesMs.Count / sla.AllowedShare();
            return (replications.Count >= FarOffAfter && times > FarOffTimes) || (replications.Count >= OverAfter && times > 1);
        }
    }

    /// <summary>
    /// What was seen cannot be made up for by <paramref name="queriesLeft"/> more of its kind, as when one disturbance held up hundreds of queries, while as many at a rate
    /// that goes well would decide. Claims nothing, so it spends nothing of the allowed error.
    /// </summary>
    /// <param name="look">The next one.</param>
    public bool OutOfReach(double queriesLeft, int look) =>
        queriesLeft >= QueriesWorthOne * BinomialTail.TrialsToClaim(0, sla.AllowedShare(), 1 - test.ErrorOf(look + 1))
        && test.Judge(latenciesMs.ToArray(), sla.LimitMs, look) is { Outcome: PromiseOutcome.Inconclusive, QueriesNeeded: var needed } && !(needed <= queriesLeft);

    /// <summary>The verdict on everything that was added.</summary>
    /// <param name="look">How often this plan has been judged, from 1.</param>
    public Core.Domain.Validation Judge(int look)
    {
        if (replications.Count == 0)
        {
            return Core.Domain.Validation.NotRun("interrupted before the first replication ended");
        }

        var judgement = test.Judge(latenciesMs.ToArray(), sla.LimitMs, look);
        var verdict = judgement.Outcome switch
        {
            PromiseOutcome.Met => Verdict.Met,
            PromiseOutcome.Missed => Verdict.Missed,
            _ => Verdict.Inconclusive,
        };
        var generator = Generator(verdict);
        if (verdict == Verdict.Missed && generator.Limiting)
        {
            // A generator that was late refutes nothing but itself.
            verdict = Verdict.Inconclusive;
        }

        return new Core.Domain.Validation
        {
            Verdict = verdict,
            Measured = Measured(judgement),
            Queries = latenciesMs.Count,
            Replications = replications.Count,
            Generator = generator,
            QueriesNeeded = judgement.QueriesNeeded,
            Because = Because(verdict, judgement),
        };
    }

    private Performance Measured(PromiseJudgement seen)
    {
        var sorted = latenciesMs.ToArray();
        Array.Sort(sorted);
        var accuracy = quality.MeanAccuracy();
        return new Performance
        {
            OfferedQps = qps,
            GoodputQps = Over(replications.ConvertAll(r => r.GoodputQps)),
            P50Ms = AtPercentile(sorted, 0.50),
            P95Ms = AtPercentile(sorted, 0.95),
            P99Ms = AtPercentile(sorted, 0.99),
            TargetMs = Performance.Has(sla.Percentile) ? null : AtPercentile(sorted, sla.Percentile / 100),
            OverLimitShare = Estimated(seen.OverLimitShare),
            CorrectPerSecond = accuracy is null ? null : Over(replications.ConvertAll(r => r.SamplesInLimitPerSecond * accuracy.Value)) with { Source = quality.Source },
            RefusedShare = refusedMs.Count == 0 ? null : Seen((double)refusedMs.Count / latenciesMs.Count),
            RefusedP99Ms = P99(refusedMs),
            AcceptedP99Ms = refusedMs.Count == 0 ? null : P99(latenciesMs.FindAll(double.IsFinite)),
        };
    }

    /// <summary>Without an interval: nothing is promised of it. Null below its sample floor.</summary>
    private static Estimate? P99(List<double> values)
    {
        if (values.Count < Percentiles.MinimumSamples(0.99))
        {
            return null;
        }

        double[] sorted = [.. values.Order()];
        return Seen(Percentiles.NearestRank(sorted, 0.99));
    }

    private static Estimate Seen(double value) => new() { Value = Round(value), Source = Provenance.Measured };

    /// <summary>The promise test inverted at another share gives that percentile's interval; null below its sample floor or beyond any answer.</summary>
    private Estimate? AtPercentile(double[] sorted, double p)
    {
        var interval = new PromiseTest(1 - p, confidence).Judge(latenciesMs.ToArray(), sla.LimitMs).Percentile;
        if (interval is null || sorted.Length < Percentiles.MinimumSamples(p) || !double.IsFinite(interval.Value.Value))
        {
            return null;
        }

        return Estimated(interval.Value);
    }

    private GeneratorReport Generator(Verdict verdict)
    {
        var sorted = latenessUs.ToArray();
        Array.Sort(sorted);
        if (sorted.Length == 0)
        {
            sorted = [0];
        }

        var p99 = Percentiles.NearestRank(sorted, 0.99);
        return new GeneratorReport
        {
            LatenessP50Us = Math.Round(Percentiles.NearestRank(sorted, 0.5), 1),
            LatenessP99Us = Math.Round(p99, 1),
            LatenessMaxUs = Math.Round(sorted[^1], 1),
            CpuShare = cpuKnown && wallSeconds > 0 ? Math.Round(cpuSeconds / wallSeconds, 4) : null,
            GapVariation = gaps.Value is { } variation ? Round(variation) : null,
            Limiting = verdict != Verdict.Met && (p99 > sla.LimitMs * 1e3 || LatenessDecides()),
        };
    }

    /// <summary>
    /// Latency counts from the schedule, so a late generator can only make it look worse: it decides where more than the allowed share is over the limit, and would not be
    /// without its lateness.
    /// </summary>
    private bool LatenessDecides()
    {
        var overAnyway = 0;
        for (var i = 0; i < latenciesMs.Count; i++)
        {
            overAnyway += latenciesMs[i] - (latenessUs[i] / 1e3) > sla.LimitMs ? 1 : 0;
        }

        var allowed = sla.AllowedShare() * latenciesMs.Count;
        return over > allowed && overAnyway <= allowed;
    }

    private string Because(Verdict verdict, PromiseJudgement seen)
    {
        var share = FormattableString.Invariant($"{seen.OverLimitShare.Value:P2} of {seen.Queries} queries over {sla.LimitMs} ms");
        var bounds = FormattableString.Invariant($"between {seen.OverLimitShare.Low:P2} and {seen.OverLimitShare.High:P2} with {confidence:P0} confidence");
        var allowed = FormattableString.Invariant($"{sla.AllowedShare():P2} allowed");
        return verdict == Verdict.Inconclusive && seen.QueriesNeeded is { } needed
            ? $"{share}, {bounds}; {allowed}; about {needed} further queries would decide"
            : $"{share}, {bounds}; {allowed}";
    }

    private static Estimate Estimated(Interval interval) => new()
    {
        Value = Round(interval.Value),
        Low = double.IsFinite(interval.Low) ? Round(interval.Low) : null,
        High = double.IsFinite(interval.High) ? Round(interval.High) : null,
        Source = Provenance.Measured,
    };

    /// <summary>Mean over the replications with a t interval.</summary>
    private Estimate Over(List<double> values)
    {
        if (values.Count < 2)
        {
            return new Estimate { Value = Round(values[0]), Source = Provenance.Measured };
        }

        var interval = StudentT.MeanInterval(values.ToArray(), confidence);
        return Estimated(interval with { Low = Math.Max(0, interval.Low) });
    }

    /// <summary>Six significant digits: more than any of these measurements carries.</summary>
    private static double Round(double value) => SignificantDigits.Round(value, 6);
}
