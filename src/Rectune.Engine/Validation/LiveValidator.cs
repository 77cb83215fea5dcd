using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Units;
using Rectune.Core.Workloads;
using Rectune.Engine.Data;
using Rectune.Engine.Load;
using Rectune.Engine.Serving;
using Rectune.Engine.Sessions;

namespace Rectune.Engine.Validation;

/// <summary>
/// Holds a promise against live open-loop load: the paths are loaded and served in process, load is driven in replications with their own schedules, and the
/// promise test looks once at all of them.
/// </summary>
public sealed class LiveValidator(
    ModelGraphs graphs, TableStore tables, FeatureBatch pool, IArrivals arrivals, IQuerySizes sizes, ulong seed, TimeProvider clock, IProgress<ValidationProgress> progress)
    : IPlanValidator
{
    /// <summary>Confidence of every verdict.</summary>
    public const double Confidence = 0.99;

    /// <summary>Share of the time after which a first look leaves enough for a second one to see more.</summary>
    private const double MostBeforeSecondLook = 0.8;

    private const ulong SchedulePurpose = 0x56616C6964;

    /// <summary>Replication number of the warm-up.</summary>
    private const uint WarmUp = uint.MaxValue;

    public Core.Domain.Validation Validate(
        IReadOnlyList<ServingPath> paths, SchedulerSettings scheduler, Sla sla, double qps, double budgetSeconds, int look, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(scheduler);
        var opened = tables.OpenAll([.. paths.Select(path => (graphs.Design(path.Configuration.Representation), path.Configuration))], new Progress<double>(), cancellation);
        Exception? fault = null;
        using var server = new InProcessServer(scheduler, PathInstances.LoadAll(graphs, opened, paths), clock, e => Interlocked.CompareExchange(ref fault, e, null));
        var validation = Drive(server, paths, sla, qps, budgetSeconds, LoadLength.UntilDecided, look, cancellation);
        return fault is null ? validation : validation with { Because = $"{validation.Because}; runs failed, the first with: {fault.Message}" };
    }

    /// <summary>Judges <paramref name="target"/> under load at <paramref name="qps"/>.</summary>
    /// <param name="target">What answers: the in-process server, or a client of one behind a socket.</param>
    /// <param name="paths">The paths behind it, for the quality of their answers.</param>
    /// <param name="sla">Percentile and limit.</param>
    /// <param name="qps">Offered rate, queries per second.</param>
    /// <param name="budgetSeconds">Longest time under load.</param>
    /// <param name="length">Whether the load may end before its time.</param>
    /// <param name="look">How often has been judged, from 1; <see cref="LoadLength.UntilDecided"/> may judge twice.</param>
    /// <param name="cancellation">Ends the run; what was measured by then is judged.</param>
    public Core.Domain.Validation Drive(IQueryTarget target, IReadOnlyList<ServingPath> paths, Sla sla, double qps, double budgetSeconds, LoadLength length, int look, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(sla);
        var replications = LoadReplications.Plan(qps, budgetSeconds, sla);
        var patience = TimeSpan.FromMilliseconds(Math.Max(2_000, 10 * sla.LimitMs));
        // Cycles are cut to the whole load: a look before its end would see too few of them.
        var first = length == LoadLength.UntilDecided && arrivals.CycleSeconds == 0 ? FirstLook(replications, LoadReplications.Seconds(qps, budgetSeconds, sla)) : replications.Count;
        var cycleScale = ArrivalCycles.Scale(arrivals.CycleSeconds, replications.Count * replications.SecondsEach);
        RunOnce(target, replications.WarmUpSeconds, qps, cycleScale, look, WarmUp, patience, cancellation);
        var evidence = new LiveEvidence(sla, qps, new AnsweredQuality(target, paths), Confidence);
        for (var i = 0; i < replications.Count && !cancellation.IsCancellationRequested; i++)
        {
            progress.Report(new ValidationProgress(qps, i, replications.Count, (replications.Count - i) * replications.SecondsEach));
            evidence.Add(RunOnce(target, replications.SecondsEach, qps, cycleScale, look, (uint)i, patience, cancellation), replications.SettleSeconds);
            if (length == LoadLength.UntilDecided && evidence.Hopeless)
            {
                break;
            }

            if (i + 1 == first && first < replications.Count && evidence.Judge(look++) is { Verdict: Verdict.Met or Verdict.Missed } decided)
            {
                return decided;
            }
        }

        return evidence.Judge(look);
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
        return new OpenLoopGenerator(pool, clock).Run(target, schedule.InstantsNs, schedule.Sizes, purpose, patience, cancellation);
    }
}
