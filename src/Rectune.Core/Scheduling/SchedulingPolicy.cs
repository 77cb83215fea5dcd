using Rectune.Core.Domain;

namespace Rectune.Core.Scheduling;

/// <summary>The two decisions of a strategy: which device's line a query joins, and which of the device's paths a run takes. Time is handed in; allocates nothing.</summary>
internal abstract class SchedulingPolicy
{
    public static SchedulingPolicy Create(SchedulerSettings settings) => settings.Policy switch
    {
        SchedulingPolicies.Static => new StaticPolicy(settings.SplitSamples),
        SchedulingPolicies.Fastest => new FastestPolicy(settings.SplitSamples),
        SchedulingPolicies.Offload => new OffloadPolicy(settings.SplitSamples, settings.OffloadAbove ?? int.MaxValue),
        _ => new MultiPathPolicy(
            settings.SplitSamples,
            settings.SlackShare ?? 0,
            settings.HysteresisShare ?? 0,
            (settings.LimitUs ?? 0) * 1_000L,
            settings.QualityMin is { } floor ? new QualityBudget(floor, settings.Paths.Min(path => path.Quality ?? 0), settings.Paths.Max(path => path.Quality ?? 0)) : null),
    };

    /// <summary>The lane of a query of so many samples, or −1 where no lane can answer it by its deadline on paths of its quality. There is a lane with such paths.</summary>
    public abstract int LaneOf(long nowNs, int samples, long deadlineNs, double qualityMin, ReadOnlySpan<Lane> lanes);

    /// <summary>The path of the next run of a lane that can start, one that may answer the oldest query, and the most samples that it takes.</summary>
    public abstract (int Path, int Samples) Next(long nowNs, Lane lane);

    /// <summary>Hears what a run that started takes.</summary>
    public virtual void Started(Lane lane, Run run)
    {
    }

    /// <summary>The lane that would answer a query first, by the paths of its quality that take least; −1 where even that is later than the deadline.</summary>
    /// <param name="aboveFloor">Only paths above the floor of quality count.</param>
    protected static int Earliest(long nowNs, int samples, int parts, long deadlineNs, double qualityMin, ReadOnlySpan<Lane> lanes, bool aboveFloor = false)
    {
        var (best, ends) = (-1, double.PositiveInfinity);
        for (var i = 0; i < lanes.Length; i++)
        {
            var grade = lanes[i].Paths.GradeOf(qualityMin);
            if (grade < 0)
            {
                continue;
            }

            var end = nowNs + lanes[i].AheadNs(nowNs, parts) + lanes[i].Paths.LeastQueryNs(samples, grade, aboveFloor);
            if (end < ends)
            {
                (best, ends) = (i, end);
            }
        }

        return deadlineNs == long.MaxValue || ends <= deadlineNs ? best : -1;
    }

    /// <summary>Samples that the next run would take of a path without a deadline: its share of what waits.</summary>
    protected static int Wanted(Lane lane)
    {
        var parts = lane.WaitingParts;
        return (int)Math.Max(1, (lane.WaitingSamples * lane.Share + parts - 1) / parts);
    }

    /// <summary>The path that works so many samples off fastest, among those that may answer the oldest query and that the budget of quality allows; without any, the best one.</summary>
    protected static (int Path, int Samples) Fastest(long nowNs, Lane lane, int wanted, QualityBudget? budget = null)
    {
        var grade = lane.Head.Grade;
        var (fastest, fastestNs, best) = (-1, double.PositiveInfinity, -1);
        for (var path = 0; path < lane.Paths.Count; path++)
        {
            if (lane.Paths.Grade(path) < grade)
            {
                continue;
            }

            var samples = Math.Min(wanted, lane.Paths.MaxBatch(path));
            var ns = lane.Paths.RunNs(path, samples) / samples;
            if (ns < fastestNs && (budget is null || budget.Allows(lane.Paths.Quality(path), samples)))
            {
                (fastest, fastestNs) = (path, ns);
            }

            best = best < 0 || lane.Paths.Quality(path) > lane.Paths.Quality(best) ? path : best;
        }

        var chosen = fastest >= 0 ? fastest : best;
        return (chosen, InTime(nowNs, lane, chosen, budget is null ? lane.Paths.MaxBatch(chosen) : Math.Min(wanted, lane.Paths.MaxBatch(chosen))));
    }

    /// <summary>The most samples, up to <paramref name="most"/>, that a run may take without making its oldest query late; at least that query's next part. Company is no help to who comes too late by it.</summary>
    protected static int InTime(long nowNs, Lane lane, int path, int most)
    {
        ref readonly var head = ref lane.Head;
        if (!lane.Paths.ArePlanned || head.DeadlineNs == long.MaxValue)
        {
            return most;
        }

        var first = head.PartStart(head.NextPart + 1) - head.PartStart(head.NextPart);
        var roundsAfter = (head.Parts - head.NextPart - 1 + lane.Instances - 1) / lane.Instances;
        return Math.Max(first, lane.Paths.LargestWithin(path, first, most, head.DeadlineNs - nowNs - (roundsAfter * lane.Paths.RunNs(path, first))));
    }

    protected static int Parts(int samples, int splitSamples) => (int)(((long)samples + splitSamples - 1) / splitSamples);
}
