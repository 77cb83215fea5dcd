namespace Rectune.Core.Scheduling;

/// <summary><c>fastest</c>: the device that answers first, and on it the path that works samples off fastest.</summary>
internal sealed class FastestPolicy(int splitSamples) : SchedulingPolicy
{
    public override int LaneOf(long nowNs, int samples, long deadlineNs, double qualityMin, ReadOnlySpan<Lane> lanes) =>
        Earliest(nowNs, samples, Parts(samples, splitSamples), deadlineNs, qualityMin, lanes);

    public override (int Path, int Samples) Next(long nowNs, Lane lane) => Fastest(nowNs, lane, Wanted(lane));
}
