namespace Rectune.Core.Scheduling;

/// <summary>
/// <c>multi-path</c> (MP-Rec, ASPLOS 2023, Algorithm 2, changed): a query joins the device that still answers it in time on the best path; the path is chosen when a run starts, when the backlog is
/// known, and is the best one whose extra time every query that waits can spare. Slack beyond a share of the limit is spent on quality; that share is kept for bursts, and grows to all of it where the
/// load leaves no time to spend.
/// </summary>
/// <param name="slackShare">Share of the limit that is kept.</param>
/// <param name="hysteresisShare">Share of the limit beyond it that must be free before a better path than the last is taken.</param>
/// <param name="limitNs">The limit.</param>
/// <param name="budget">Keeps the mean quality above a floor; null without one.</param>
internal sealed class MultiPathPolicy(int splitSamples, double slackShare, double hysteresisShare, long limitNs, QualityBudget? budget) : SchedulingPolicy
{
    /// <summary>Load up to which slack is spent freely, and from which none is: time given away at 90 % of what can be served is missed in the next burst.</summary>
    private const double FreeLoad = 0.5;

    private const double FullLoad = 0.9;

    private readonly double hysteresisNs = hysteresisShare * limitNs;

    public override int LaneOf(long nowNs, int samples, long deadlineNs, double qualityMin, ReadOnlySpan<Lane> lanes)
    {
        var parts = Parts(samples, splitSamples);
        var (best, quality, end) = (-1, double.NegativeInfinity, double.PositiveInfinity);
        for (var i = 0; i < lanes.Length && lanes.Length > 1; i++)
        {
            var grade = lanes[i].Paths.GradeOf(qualityMin);
            var begin = nowNs + lanes[i].AheadNs(nowNs, parts) + KeptNs(nowNs, lanes[i]);
            for (var path = 0; path < lanes[i].Paths.Count; path++)
            {
                if (grade < 0 || lanes[i].Paths.Grade(path) < grade)
                {
                    continue;
                }

                var ends = begin + lanes[i].Paths.QueryNs(path, samples);
                var better = lanes[i].Paths.Quality(path) > quality || (lanes[i].Paths.Quality(path) == quality && ends < end);
                if (ends <= deadlineNs && better && (budget is null || budget.Allows(lanes[i].Paths.Quality(path), samples + Waiting(lanes))))
                {
                    (best, quality, end) = (i, lanes[i].Paths.Quality(path), ends);
                }
            }
        }

        return best >= 0 ? best : Earliest(nowNs, samples, parts, deadlineNs, qualityMin, lanes, aboveFloor: budget is not null && !budget.AllowsAny(samples + Waiting(lanes)));
    }

    public override (int Path, int Samples) Next(long nowNs, Lane lane)
    {
        ref readonly var head = ref lane.Head;
        var first = head.PartStart(head.NextPart + 1) - head.PartStart(head.NextPart);
        var wanted = Math.Max(first, Wanted(lane));
        var leftNs = head.DeadlineNs == long.MaxValue ? double.PositiveInfinity : head.DeadlineNs - nowNs;
        var slackNs = lane.LeastSlackNs(nowNs);
        var keptNs = KeptNs(nowNs, lane);
        var drainNs = lane.Paths.DrainNs + lane.Paths.ExtraNs(head.Grade);
        var (best, bestSamples) = (-1, 0);
        for (var path = 0; path < lane.Paths.Count; path++)
        {
            if (lane.Paths.Grade(path) < head.Grade || (best >= 0 && lane.Paths.Quality(path) <= lane.Paths.Quality(best)))
            {
                continue;
            }

            var samples = lane.Paths.LargestWithin(path, first, wanted, leftNs);
            if (samples == 0 || (budget is not null && !budget.Allows(lane.Paths.Quality(path), samples)))
            {
                continue;
            }

            // What the run takes beyond its share of the work as it is planned to drain, all that wait behind it lose.
            var extraNs = (lane.Paths.RunNs(path, samples) - (samples * drainNs)) / lane.Instances;
            var spareNs = keptNs + (lane.Paths.Quality(path) > lane.Paths.Quality(lane.LastPath) ? hysteresisNs : 0);
            if (slackNs - extraNs >= spareNs)
            {
                (best, bestSamples) = (path, samples);
            }
        }

        return best >= 0 ? (best, bestSamples) : Fastest(nowNs, lane, wanted, budget);
    }

    /// <summary>What has been earned may be spent by those who came before.</summary>
    private static long Waiting(ReadOnlySpan<Lane> lanes)
    {
        var samples = 0L;
        foreach (var lane in lanes)
        {
            samples += lane.WaitingSamples;
        }

        return samples;
    }

    /// <summary>Under a floor of quality, what is not spent on it in quiet moments must be spent in busy ones: there the load changes nothing.</summary>
    private double KeptNs(long nowNs, Lane lane) =>
        limitNs * (slackShare + (budget is null ? (1 - slackShare) * Math.Clamp((lane.Load(nowNs) - FreeLoad) / (FullLoad - FreeLoad), 0, 1) : 0));

    public override void Started(Lane lane, Run run) => budget?.Answered(lane.Paths.Quality(lane.LastPath), run.Samples);
}
