using Rectune.Core.Numerics;
using Rectune.Engine.Hardware;

namespace Rectune.Engine.Profiling;

/// <summary>Runs a fixed piece of arithmetic again and again and looks at how its time varies: everything beyond the median comes from outside.</summary>
/// <param name="time">The clock.</param>
/// <param name="files">Where the system counts stolen time.</param>
public sealed class NoiseProbe(TimeProvider time, SystemFiles files)
{
    /// <summary>Long enough to swamp the clock's own cost, short enough to see a gap of a scheduler tick as an outlier.</summary>
    private const int Steps = 20_000;

    private const int Gaps = 5;
    private const int FewestRuns = 100;
    private const int MostRuns = 1 << 16;

    /// <summary>Runs for about <paramref name="duration"/>, at least a hundred times.</summary>
    public NoiseReport Run(TimeSpan duration, CancellationToken cancellation)
    {
        Span<long> ticks = new long[MostRuns];
        var before = StealText.Parse(files.Read("/proc/stat"));
        var start = time.GetTimestamp();
        var runs = 0;
        var state = 1UL;
        while (runs < MostRuns && (runs < FewestRuns || time.GetElapsedTime(start) < duration))
        {
            cancellation.ThrowIfCancellationRequested();
            var begin = time.GetTimestamp();
            state = Spin(state);
            ticks[runs++] = time.GetTimestamp() - begin;
        }

        GC.KeepAlive(state);
        var after = StealText.Parse(files.Read("/proc/stat"));
        return Report(ticks[..runs], time.TimestampFrequency, ClockStepNs(), StealText.Share(before, after));
    }

    /// <summary>Judges the times of some runs, which it sorts.</summary>
    public static NoiseReport Report(Span<long> ticks, long frequency, double clockStepNs, double? stealShare)
    {
        ticks.Sort();
        var toUs = 1e6 / frequency;
        var median = ticks[ticks.Length / 2] * toUs;
        var worst = new List<double>();
        for (var i = ticks.Length - 1; i >= Math.Max(0, ticks.Length - Gaps); i--)
        {
            worst.Add((ticks[i] * toUs) - median);
        }

        return new NoiseReport
        {
            Runs = ticks.Length,
            MedianUs = median,
            TailRatio = median > 0 ? ticks[(int)(0.99 * (ticks.Length - 1))] * toUs / median : 1,
            WorstGapsUs = worst,
            ClockStepNs = clockStepNs,
            StealShare = stealShare,
        };
    }

    private static ulong Spin(ulong state)
    {
        for (var i = 0; i < Steps; i++)
        {
            state = SplitMix64.Mix(state);
        }

        return state;
    }

    private double ClockStepNs()
    {
        var smallest = long.MaxValue;
        for (var i = 0; i < 1000; i++)
        {
            var step = -time.GetTimestamp() + time.GetTimestamp();
            if (step > 0)
            {
                smallest = Math.Min(smallest, step);
            }
        }

        return (smallest == long.MaxValue ? 1 : smallest) * 1e9 / time.TimestampFrequency;
    }
}
