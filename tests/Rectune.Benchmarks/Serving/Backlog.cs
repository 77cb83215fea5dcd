using System.Diagnostics;
using Rectune.Core.Domain;
using Rectune.Engine.Kernels;
using Rectune.Engine.Load;
using Rectune.Engine.Serving.Http;

namespace Rectune.Benchmarks.Serving;

/// <summary>Keeps so many queries inside a target, and counts what comes back with the server's own metrics.</summary>
/// <param name="target">What answers.</param>
/// <param name="pool">Where queries come from.</param>
/// <param name="samples">Of a query.</param>
/// <param name="cores">Of the thread that sends.</param>
internal sealed class Backlog(IQueryTarget target, FeatureBatch pool, int samples, CoreSet cores) : IQueryObserver, IDisposable
{
    /// <summary>Queries that wait or run.</summary>
    private const int Depth = 64;

    /// <summary>Short beside what the queries inside take.</summary>
    private const long NapNs = 2_000_000;

    private readonly ServerMetrics metrics = new();
    private readonly long[] begunAt = new long[Depth * 64];
    private readonly PreciseWait wait = new(TimeProvider.System);
    private long inside;

    /// <summary>Samples answered a second once the queue is full.</summary>
    public double SamplesPerSecond(double seconds)
    {
        var answer = 0.0;
        var thread = new Thread(() =>
        {
            cores.BindCaller();
            Feed(0.2);
            var (before, start) = (metrics.Samples, Stopwatch.GetTimestamp());
            Feed(seconds);
            answer = (metrics.Samples - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        });
        thread.Start();
        thread.Join();
        while (Interlocked.Read(ref inside) > 0)
        {
            Thread.Yield();
        }

        return answer;
    }

    void IQueryObserver.Ended(long tag, ReadOnlySpan<float> scores, QueryEnd end)
    {
        if (end == QueryEnd.Answered)
        {
            metrics.Answered(samples, Stopwatch.GetElapsedTime(begunAt[tag]));
            metrics.Ended(QueryOutcome.Answered);
        }

        Interlocked.Decrement(ref inside);
    }

    public void Dispose() => wait.Dispose();

    private void Feed(double seconds)
    {
        var (start, next) = (Stopwatch.GetTimestamp(), 0);
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            if (Interlocked.Read(ref inside) >= Depth)
            {
                // It sleeps, as while the engine runs alone: cores may be two sides of one.
                wait.UntilNs((long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency)) + NapNs);
                continue;
            }

            var tag = next++ % begunAt.Length;
            begunAt[tag] = Stopwatch.GetTimestamp();
            Interlocked.Increment(ref inside);
            if (target.Submit(pool, next * samples % (pool.Samples - samples), samples, this, tag) != Admission.Accepted)
            {
                Interlocked.Decrement(ref inside);
            }
        }
    }
}
