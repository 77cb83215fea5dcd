using System.Diagnostics;
using Rectune.Engine.Load;
using Rectune.Engine.Sessions;

namespace Rectune.Benchmarks.Serving;

/// <summary>The engine without a server: one thread that runs one instance.</summary>
/// <param name="mostSamples">Of a run.</param>
internal sealed class RawLoop(ServedModel model, int mostSamples) : IDisposable
{
    private readonly PathInstance instance = model.Instance(mostSamples);

    /// <summary>Samples a second of runs that follow each other at once.</summary>
    public double SamplesPerSecond(int samples, double seconds) => OnInstance(() =>
    {
        Run(0, samples);
        var (runs, start) = (0L, Stopwatch.GetTimestamp());
        var at = 0;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            Run(at, samples);
            at = at + (2 * samples) <= model.Pool.Samples ? at + samples : 0;
            runs++;
        }

        return runs * samples / Stopwatch.GetElapsedTime(start).TotalSeconds;
    });

    /// <summary>A run's p50 from its scheduled instant, microseconds: the same waiting before every run as a server has at light load.</summary>
    public double LightUs(int samples) => OnInstance(() =>
    {
        using var wait = new PreciseWait(TimeProvider.System);
        PreciseWait.Sharpen(GeneratorUrgency.Ordinary);
        var latencies = new double[LightLoad.Queries];
        var origin = NowNs() + 5_000_000;
        for (var i = 0; i < latencies.Length; i++)
        {
            var due = origin + (long)(i * LightLoad.GapUs * 1e3);
            wait.UntilNs(due);
            Run(i * 7 % (model.Pool.Samples - samples), samples);
            latencies[i] = (NowNs() - due) / 1e3;
        }

        return Report.Median(latencies);
    });

    public void Dispose() => instance.Dispose();

    private double OnInstance(Func<double> measure)
    {
        var answer = double.NaN;
        var thread = new Thread(() =>
        {
            instance.BindCaller();
            answer = measure();
        });
        thread.Start();
        thread.Join();
        return answer;
    }

    private void Run(int start, int samples)
    {
        instance.Begin();
        instance.Add(model.Pool, start, samples);
        instance.Pool();
        instance.Score();
    }

    private static long NowNs() => (long)(TimeProvider.System.GetTimestamp() * (1e9 / TimeProvider.System.TimestampFrequency));
}
