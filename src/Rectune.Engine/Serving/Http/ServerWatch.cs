using Rectune.Core.Domain;

namespace Rectune.Engine.Serving.Http;

/// <summary>What a server knows of itself: counts, the last seconds, whether it is ready. Safe for concurrent use; noting an answered query allocates nothing.</summary>
internal sealed class ServerWatch
{
    private const int RecentSeconds = 10;

    /// <summary>A server that nobody asks any more is ready again after these.</summary>
    private const int OverloadSeconds = 5;

    private readonly HttpServerOptions options;
    private readonly IQueryTarget target;
    private readonly DrainGate gate;
    private readonly OverloadRule overload = new();
    private readonly Lock overloadGuard = new();
    private readonly Lock driftGuard = new();
    private readonly Dictionary<string, DriftState> drifts = new(StringComparer.Ordinal);
    private readonly long start;

    // The plan that the drifts are of.
    private ServedPromise? drifted;
    private int inside;
    private int connections;

    public ServerWatch(HttpServerOptions options, IQueryTarget target, ServerMetrics metrics, DrainGate gate)
    {
        this.options = options;
        this.target = target;
        this.gate = gate;
        Metrics = metrics;
        start = options.Clock.GetTimestamp();
    }

    public ServerMetrics Metrics { get; }

    public RecentQueries Recent { get; } = new(RecentSeconds);

    /// <summary>Null where nothing is sent anywhere.</summary>
    public ServerInstruments? Instruments { get; init; }

    /// <summary>Time since the server was made.</summary>
    public TimeSpan Now => options.Clock.GetElapsedTime(start);

    /// <summary>Inference requests being read, scored or answered.</summary>
    public int InFlight => gate.InFlight;

    /// <summary>Queries waiting or running.</summary>
    public int Inside => Volatile.Read(ref inside);

    public int Connections => Volatile.Read(ref connections);

    public void Connected() => Interlocked.Increment(ref connections);

    public void Disconnected() => Interlocked.Decrement(ref connections);

    /// <summary>A query was accepted; <see cref="Left"/> follows.</summary>
    public void Entered() => Interlocked.Increment(ref inside);

    public void Left() => Interlocked.Decrement(ref inside);

    /// <param name="requestId">Value of the request's id header; null where it has none.</param>
    public void Ended(in QueryEnding ending, string? requestId)
    {
        var now = Now;
        Metrics.Ended(ending.Outcome);
        if (ending.Outcome == QueryOutcome.Answered)
        {
            var withinLimit = options.Promise is null || ending.Latency <= options.Promise.Limit;
            Metrics.Answered(ending.Samples, ending.Latency, withinLimit);
            Recent.Answered(ending.Samples, ending.Latency, withinLimit, now);
            return;
        }

        Recent.Ended(ending.Outcome, now);
        options.Log?.Query(ending, requestId);
        if (ending.Outcome is QueryOutcome.Refused or QueryOutcome.Late)
        {
            CurrentReadiness();
        }
    }

    /// <summary>Instances that failed and were replaced.</summary>
    public long InstancesReplaced => target.InstancesReplaced;

    /// <summary>What each of the plan's paths has done, in their order; empty where the target cannot tell.</summary>
    public (string Path, PathUse Use)[] UseOfPaths() => Served().Paths;

    /// <summary>The plan that is served, null where none is known, and what each of its paths has done, in their order; none where the target cannot tell.</summary>
    public (ServedPromise? Promise, (string Path, PathUse Use)[] Paths) Served()
    {
        while (true)
        {
            var promise = options.Promise;
            var paths = promise?.Paths ?? [];
            var uses = paths.Count > 0 ? target.UseOfPaths() : [];

            // Where another plan took over between the two looks, what was seen is of the one or of the other.
            if (ReferenceEquals(promise, options.Promise))
            {
                return (promise, uses.Count == paths.Count ? [.. paths.Zip(uses)] : []);
            }
        }
    }

    /// <summary>Tells of every path whose service times have left the plan's interval for long, or are back, since this was last asked.</summary>
    public void LookForDrift()
    {
        if (!driftGuard.TryEnter())
        {
            // Whoever looks now will tell.
            return;
        }

        try
        {
            var (promise, paths) = Served();
            if (!ReferenceEquals(drifted, promise))
            {
                // Another plan says other times.
                drifts.Clear();
                drifted = promise;
                options.OnPlanReplaced?.Invoke();
            }

            foreach (var (path, use) in paths)
            {
                // A target that has just begun has not seen the end of anything.
                if (use.Drift is not { State: not DriftState.Unjudged } drift || drifts.GetValueOrDefault(path, DriftState.AsPlanned) == drift.State)
                {
                    continue;
                }

                drifts[path] = drift.State;
                Tell(new ServedDrift(path, drift));
            }
        }
        finally
        {
            driftGuard.Exit();
        }
    }

    /// <summary>Whether queries should be sent here now.</summary>
    public Readiness CurrentReadiness()
    {
        if (gate.IsClosed)
        {
            return Readiness.Draining;
        }

        var (owed, turnedAway) = Recent.Pressure(Now, OverloadSeconds);
        var fullness = options.Promise is { QueueLimit: > 0 and var most } ? (double)Inside / most : 0;
        bool changed, overloaded;
        lock (overloadGuard)
        {
            changed = overload.Observe(owed, turnedAway, fullness);
            overloaded = overload.IsOverloaded;
        }

        if (changed)
        {
            LogOverload(overloaded, owed, turnedAway, fullness);
        }

        return overloaded ? Readiness.Overloaded : Readiness.Ready;
    }

    private void LogOverload(bool overloaded, long owed, long turnedAway, double fullness) => options.Log?.Write(overloaded ? "overloaded" : "recovered", json =>
    {
        json.WriteNumber("queries", owed);
        json.WriteNumber("turnedAway", turnedAway);
        json.WriteNumber("queueShare", fullness);
    });

    private void Tell(ServedDrift news)
    {
        var drift = news.Drift;
        options.Log?.Write(news.IsOver ? "drift-ended" : "drift-began", json =>
        {
            json.WriteString("path", news.Path);
            json.WriteString("serviceTimes", news.State);
            json.WriteNumber("ratio", Math.Round(drift.Ratio ?? 1, 3));
            json.WriteNumber("low", Math.Round(drift.Low, 3));
            json.WriteNumber("high", Math.Round(drift.High, 3));
            json.WriteString("since", news.Since(options.Clock).UtcDateTime);
        });
        options.OnDrift?.Invoke(news);
    }
}
