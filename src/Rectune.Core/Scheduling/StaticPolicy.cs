namespace Rectune.Core.Scheduling;

/// <summary><c>static</c>: one device, one path.</summary>
internal sealed class StaticPolicy(int splitSamples) : SchedulingPolicy
{
    public override int LaneOf(long nowNs, int samples, long deadlineNs, double qualityMin, ReadOnlySpan<Lane> lanes) =>
        Earliest(nowNs, samples, Parts(samples, splitSamples), deadlineNs, qualityMin, lanes);

    public override (int Path, int Samples) Next(long nowNs, Lane lane) => (0, InTime(nowNs, lane, path: 0, lane.Paths.LargestBatch));
}
