using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Engine.Profiling;

/// <summary>What measuring itself costs, by the path that does nothing.</summary>
/// <param name="PerRunUs">Wall time a run, reading the counters included, microseconds: how much longer a visit takes.</param>
/// <param name="InServiceUs">What a run's service time holds of it, median, microseconds.</param>
public sealed record MeasuringOverhead(double PerRunUs, double InServiceUs)
{
    private const int Runs = 4_000;

    private const int WarmUpRuns = 500;

    public static MeasuringOverhead Measure(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var recorder = new InstanceRecorder(Runs);
        var nothing = new FeatureBatch(1, [], []);
        RunLoop.Record(new NullRun(), recorder, nothing, position: 0, batch: 1, WarmUpRuns, long.MaxValue / 2, clock);
        var begun = clock.GetTimestamp();
        RunLoop.Record(new NullRun(), recorder, nothing, position: 0, batch: 1, warmUpRuns: 0, long.MaxValue / 2, clock);
        var perRun = clock.GetElapsedTime(begun).TotalMicroseconds / Runs;
        var inService = new double[Runs];
        for (var i = 0; i < Runs; i++)
        {
            inService[i] = recorder[i].ServiceUs;
        }

        Array.Sort(inService);
        return new MeasuringOverhead(Math.Round(perRun, 3), Math.Round(Percentiles.Interpolated(inService, 0.5), 3));
    }
}
