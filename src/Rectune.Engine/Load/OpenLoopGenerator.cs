using System.Runtime.ExceptionServices;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Engine.Load;

/// <summary>
/// Open-loop load: every query is submitted at an instant fixed in advance, whatever the answers do, and its latency counts from that instant
/// (no coordinated omission). One thread submits; nothing is allocated while it runs.
/// </summary>
public sealed class OpenLoopGenerator : IQueryObserver
{
    /// <summary>Lets the submitting thread reach its first instant unhurried.</summary>
    private const long LeadNs = 5_000_000;

    private const ulong StartPurpose = 0x5374617274;

    private readonly FeatureBatch pool;
    private readonly TimeProvider clock;
    private readonly double nsPerTick;

    private double[] latencyMs = [];
    private double[] latenessUs = [];
    private double[] refusedMs = [];
    private long[] instantsNs = [];
    private int[] starts = [];
    private long originNs;
    private int pending;

    /// <param name="pool">Candidates that queries take contiguous slices of.</param>
    /// <param name="clock">Time of schedule and latency.</param>
    public OpenLoopGenerator(FeatureBatch pool, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(clock);
        this.pool = pool;
        this.clock = clock;
        nsPerTick = 1e9 / clock.TimestampFrequency;
    }

    /// <summary>
    /// Runs the schedule against <paramref name="target"/> and waits for the answers up to <paramref name="patience"/> after the last submission; queries
    /// without an answer by then count as failed.
    /// </summary>
    /// <param name="target">What is loaded.</param>
    /// <param name="scheduleNs">Instants relative to the start, ascending, nanoseconds.</param>
    /// <param name="sizes">Samples of each query; at most the pool's samples.</param>
    /// <param name="seed">Seed of the slices' positions.</param>
    /// <param name="patience">How long stragglers are waited for.</param>
    /// <param name="cancellation">Ends the run early; what was scheduled by then is reported.</param>
    public LoadResult Run(IQueryTarget target, long[] scheduleNs, int[] sizes, ulong seed, TimeSpan patience, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(scheduleNs);
        ArgumentNullException.ThrowIfNull(sizes);
        using var wait = new PreciseWait(clock);
        Arrange(scheduleNs, sizes, seed);
        var submitted = 0;
        var cpuNs = (long?)0;
        var begunNs = NowNs();
        var endedNs = begunNs;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                var cpuBefore = PreciseWait.ThreadCpuNs();
                submitted = Submit(wait, target, scheduleNs, sizes, cancellation);
                cpuNs = PreciseWait.ThreadCpuNs() - cpuBefore;
                endedNs = NowNs();
            }
            catch (Exception e)
            {
                // An exception on a thread of one's own would end the process without a message.
                failure = ExceptionDispatchInfo.Capture(e);
            }
        })
        {
            IsBackground = true,
            Name = "load-generator",
            Priority = ThreadPriority.Highest,
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
        var deadline = NowNs() + (long)(patience.TotalMilliseconds * 1e6);
        while (Volatile.Read(ref pending) > 0 && NowNs() < deadline)
        {
            wait.UntilNs(NowNs() + 1_000_000);
        }

        var wallNs = Math.Max(1, endedNs - begunNs);
        return new LoadResult
        {
            LatencyMs = latencyMs.AsSpan(0, submitted).ToArray(),
            RefusedMs = refusedMs.AsSpan(0, submitted).ToArray(),
            ScheduledNs = scheduleNs.AsSpan(0, submitted).ToArray(),
            Samples = sizes.AsSpan(0, submitted).ToArray(),
            LatenessUs = latenessUs.AsSpan(0, submitted).ToArray(),
            ScheduledSeconds = submitted == 0 ? 0 : scheduleNs[submitted - 1] / 1e9,
            GeneratorCpuShare = cpuNs is null ? null : (double)cpuNs / wallNs,
            Unanswered = Volatile.Read(ref pending),
        };
    }

    void IQueryObserver.Ended(long tag, ReadOnlySpan<float> scores, QueryEnd end)
    {
        if (end == QueryEnd.Answered)
        {
            latencyMs[tag] = SinceMs(tag);
        }
        else if (end == QueryEnd.Late)
        {
            refusedMs[tag] = SinceMs(tag);
        }

        Interlocked.Decrement(ref pending);
    }

    private void Arrange(long[] scheduleNs, int[] sizes, ulong seed)
    {
        latencyMs = new double[scheduleNs.Length];
        latenessUs = new double[scheduleNs.Length];
        refusedMs = new double[scheduleNs.Length];
        starts = new int[scheduleNs.Length];
        instantsNs = scheduleNs;
        pending = 0;
        var random = SplitMix64.For(seed, StartPurpose);
        for (var i = 0; i < scheduleNs.Length; i++)
        {
            if (sizes[i] > pool.Samples)
            {
                throw new ArgumentException($"query {i} has {sizes[i]} samples, the pool holds {pool.Samples}", nameof(sizes));
            }

            starts[i] = (int)random.NextInt64(pool.Samples - sizes[i] + 1);
        }

        // A query that nobody answers is over any limit.
        Array.Fill(latencyMs, double.PositiveInfinity);
        Array.Fill(refusedMs, double.PositiveInfinity);
    }

    private int Submit(PreciseWait wait, IQueryTarget target, long[] scheduleNs, int[] sizes, CancellationToken cancellation)
    {
        PreciseWait.Sharpen();
        originNs = NowNs() + LeadNs;
        for (var i = 0; i < scheduleNs.Length; i++)
        {
            if (cancellation.IsCancellationRequested)
            {
                return i;
            }

            var due = originNs + scheduleNs[i];
            wait.UntilNs(due);
            latenessUs[i] = Math.Max(0, NowNs() - due) / 1e3;
            Interlocked.Increment(ref pending);
            if (target.Submit(pool, starts[i], sizes[i], this, i) != Admission.Accepted)
            {
                refusedMs[i] = SinceMs(i);
                Interlocked.Decrement(ref pending);
            }
        }

        return scheduleNs.Length;
    }

    /// <summary>Time since the scheduled instant of a query.</summary>
    private double SinceMs(long query) => (NowNs() - originNs - instantsNs[query]) / 1e6;

    private long NowNs() => (long)(clock.GetTimestamp() * nsPerTick);
}
