using System.Diagnostics;
using Rectune.Engine.Load;
using Rectune.Engine.Sessions;

namespace Rectune.Benchmarks.Serving;

/// <summary>The engine without a server: one thread that runs one instance.</summary>
internal static class RawLoop
{
    /// <summary>Samples a second of runs that follow each other at once.</summary>
    public static double SamplesPerSecond(ServedModel model, int samples, double seconds) => OnInstance(model, samples, instance =>
    {
        Run(instance, model, 0, samples);
        var (runs, start) = (0L, Stopwatch.GetTimestamp());
        var at = 0;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            Run(instance, model, at, samples);
            at = at + (2 * samples) <= model.Pool.Samples ? at + samples : 0;
            runs++;
        }

        return runs * samples / Stopwatch.GetElapsedTime(start).TotalSeconds;
    });

    /// <summary>From each scheduled instant to its scores, microseconds: the same waiting before every run as a server has at light load.</summary>
    public static double[] LatenciesUs(ServedModel model, int samples, int runs, double gapUs) => OnInstance(model, samples, instance =>
    {
        using var wait = new PreciseWait(TimeProvider.System);
        PreciseWait.Sharpen();
        var latencies = new double[runs];
        var origin = NowNs() + 5_000_000;
        for (var i = 0; i < runs; i++)
        {
            var due = origin + (long)(i * gapUs * 1e3);
            wait.UntilNs(due);
            Run(instance, model, i * 7 % (model.Pool.Samples - samples), samples);
            latencies[i] = (NowNs() - due) / 1e3;
        }

        return latencies;
    });

    private static T OnInstance<T>(ServedModel model, int samples, Func<PathInstance, T> measure)
    {
        using var instance = model.Instance(samples);
        var answer = default(T);
        var thread = new Thread(() =>
        {
            instance.BindCaller();
            answer = measure(instance);
        });
        thread.Start();
        thread.Join();
        return answer!;
    }

    private static void Run(PathInstance instance, ServedModel model, int start, int samples)
    {
        instance.Begin();
        instance.Add(model.Pool, start, samples);
        instance.Pool();
        instance.Score();
    }

    private static long NowNs() => (long)(TimeProvider.System.GetTimestamp() * (1e9 / TimeProvider.System.TimestampFrequency));
}
