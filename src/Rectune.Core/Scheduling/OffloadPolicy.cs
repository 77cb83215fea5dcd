namespace Rectune.Core.Scheduling;

/// <summary>
/// <c>deeprecsched</c> (DeepRecSys, ISCA 2020): queries above a size go to the second device, all others to the first; each device has one path, and a query whose
/// floor of quality its device does not meet goes to the other one.
/// </summary>
internal sealed class OffloadPolicy(int splitSamples, int offloadAbove) : SchedulingPolicy
{
    public override int LaneOf(long nowNs, int samples, long deadlineNs, double qualityMin, ReadOnlySpan<Lane> lanes)
    {
        var lane = lanes.Length > 1 && samples > offloadAbove ? 1 : 0;
        if (lanes[lane].Paths.GradeOf(qualityMin) < 0)
        {
            lane = 1 - lane;
        }

        return deadlineNs == long.MaxValue || nowNs + lanes[lane].AheadNs(nowNs, Parts(samples, splitSamples)) + lanes[lane].Paths.QueryNs(0, samples) <= deadlineNs ? lane : -1;
    }

    public override (int Path, int Samples) Next(long nowNs, Lane lane) => (0, InTime(nowNs, lane, path: 0, lane.Paths.LargestBatch));
}
