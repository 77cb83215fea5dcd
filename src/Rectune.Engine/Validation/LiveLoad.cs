using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Units;
using Rectune.Core.Workloads;
using Rectune.Engine.Load;

namespace Rectune.Engine.Validation;

/// <summary>
/// Open-loop load on anything that answers queries, and the verdict on it: driven in replications with their own schedules, judged once or twice by the promise test.
/// </summary>
public sealed class LiveLoad(
    FeatureBatch pool, IArrivals arrivals, IQuerySizes sizes, ulong seed, TimeProvider clock, IProgress<ValidationProgress> progress, GeneratorUrgency urgency = GeneratorUrgency.Ordinary)
{
    /// <summary>Confidence of every verdict.</summary>
    public const double Confidence = 0.99;

    /// <summary>Share of the time after which a first look leaves enough for a second one to see more.</summary>
    private const double MostBeforeSecondLook = 0.8;

    /// <summary>Share of the replications after which the evidence says how much more it would take.</summary>
    private const double SayingMuch = 0.3;

    private const ulong SchedulePurpose = 0x56616C6964;

    /// <summary>Replication number of the warm-up.</summary>
    private const uint WarmUp = uint.MaxValue;

    /// <summary>Judges <paramref name="target"/> under load at <paramref name="qps"/>.</summary>
    /// <param name="target">What answers: the in-process server, or a client of one behind a socket.</param>
    /// <param name="paths">The paths behind it, for the quality of their answers; none where nobody knows them.</param>
    /// <param name="sla">Percentile and limit.</param>
    /// <param name="qps">Offered rate, queries per second.</param>
    /// <param name="budgetSeconds">Longest time under load.</param>
    /// <param name="length">Whether the load may end before its time.</param>
    /// <param name="look">How often has been judged, from 1; all but <see cref="LoadLength.Whole"/> may judge twice.</param>
    /// <param name="patience">How long answers are waited for after the last query of a replication.</param>
    /// <param name="cancellation">Ends the run; what was measured by then is judged.</param>
    public Core.Domain.Validation Drive(
        IQueryTarget target, IReadOnlyList<ServingPath> paths, Sla sla, double qps, double budgetSeconds, LoadLength length, int look, TimeSpan patience, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(sla);
        var replications = LoadReplications.Plan(qps, budgetSeconds, sla);
        // Cycles are cut to the whole load: a look before its end would see too few of them.
        var first = length != LoadLength.Whole && arrivals.CycleSeconds == 0 ? FirstLook(replications, LoadReplications.Seconds(qps, budgetSeconds, sla)) : replications.Count;
        var cycleScale = ArrivalCycles.Scale(arrivals.CycleSeconds, replications.Count * replications.SecondsEach);
        RunOnce(target, replications.WarmUpSeconds, qps, cycleScale, look, WarmUp, patience, cancellation);
        var evidence = new LiveEvidence(sla, qps, new AnsweredQuality(target, paths), Confidence);
        for (var i = 0; i < replications.Count && !cancellation.IsCancellationRequested; i++)
        {
            progress.Report(new ValidationProgress(qps, i, replications.Count, (replications.Count - i) * replications.SecondsEach));
            evidence.Add(RunOnce(target, replications.SecondsEach, qps, cycleScale, look, (uint)i, patience, cancellation), replications.SettleSeconds);
            if (length != LoadLength.Whole && evidence.Hopeless)
            {
                break;
            }

            if (i + 1 == first && first < replications.Count && evidence.Judge(look++) is { Verdict: Verdict.Met or Verdict.Missed } decided)
            {
                return decided;
            }

            var share = (i + 1.0) / replications.Count;
            if (length == LoadLength.WhileItMayDecide && arrivals.CycleSeconds == 0 && share >= SayingMuch && evidence.OutOfReach((1 - share) * replications.JudgedQueries(qps), look))
            {
                break;
            }
        }

        return evidence.Judge(look);
    }

    /// <summary>How long answers are usually waited for: ten limits, at least two seconds.</summary>
    public static TimeSpan Patience(Sla sla)
    {
        ArgumentNullException.ThrowIfNull(sla);
        return TimeSpan.FromMilliseconds(Math.Max(2_000, 10 * sla.LimitMs));
    }

    /// <summary>Replications after which so much time is over; all where that leaves too little to look twice, which costs evidence.</summary>
    private static int FirstLook(LoadReplications replications, double seconds)
    {
        var first = (int)Math.Ceiling((seconds - replications.WarmUpSeconds) / replications.SecondsEach);
        return first <= MostBeforeSecondLook * replications.Count ? first : replications.Count;
    }

    private LoadResult RunOnce(IQueryTarget target, double seconds, double qps, double cycleScale, int look, uint replication, TimeSpan patience, CancellationToken cancellation)
    {
        var purpose = SplitMix64.For(seed, SchedulePurpose, ((ulong)look << 32) | replication).NextUInt64();
        var schedule = ArrivalSchedule.Create(arrivals, sizes, qps, Duration.FromSeconds(seconds), purpose, cycleScale);
        return new OpenLoopGenerator(pool, clock, urgency).Run(target, schedule.InstantsNs, schedule.Sizes, purpose, patience, cancellation);
    }
}
