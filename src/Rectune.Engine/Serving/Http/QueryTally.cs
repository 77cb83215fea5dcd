using Rectune.Core.Numerics;

namespace Rectune.Engine.Serving.Http;

/// <summary>How the queries of a stretch of time ended. Recording allocates nothing. Not safe for concurrent use.</summary>
public sealed class QueryTally
{
    private readonly long[] outcomes = new long[Enum.GetValues<QueryOutcome>().Length];

    // A query that should have been answered and was not counts as infinitely late.
    private readonly LatencyHistogram latencies = new();

    /// <summary>Queries answered within the plan's limit; all answered ones where there is no limit.</summary>
    public long GoodQueries { get; private set; }

    /// <summary>Samples scored in answered queries.</summary>
    public long Samples { get; private set; }

    /// <summary>Queries that were owed an answer: all but those at fault themselves and those whose client left.</summary>
    public long Owed => latencies.Count;

    /// <summary>Queries turned away because too many others were there.</summary>
    public long TurnedAway => Of(QueryOutcome.Refused) + Of(QueryOutcome.Late);

    public long Of(QueryOutcome outcome) => outcomes[(int)outcome];

    /// <summary>Whether a query that ended so was owed an answer and had none; one that its own shorter limit ended says nothing of the plan's.</summary>
    public static bool IsUnanswered(QueryOutcome outcome) => outcome
        is QueryOutcome.Refused or QueryOutcome.Late or QueryOutcome.Draining or QueryOutcome.Failed;

    public void Ended(QueryOutcome outcome)
    {
        outcomes[(int)outcome]++;
        if (IsUnanswered(outcome))
        {
            latencies.RecordInfinite();
        }
    }

    public void Answered(int samples, TimeSpan latency, bool withinLimit)
    {
        outcomes[(int)QueryOutcome.Answered]++;
        latencies.Record(latency.Ticks * TimeSpan.NanosecondsPerTick);
        Samples += samples;
        GoodQueries += withinLimit ? 1 : 0;
    }

    /// <summary>
    /// Percentile of the latency of all queries owed an answer, infinite where it falls among those that had none, milliseconds. Null where there were too few queries.
    /// </summary>
    /// <param name="percent">Above 0 and below 100.</param>
    public double? PercentileMs(double percent) =>
        latencies.Count < Percentiles.MinimumSamples(percent / 100) ? null : latencies.PercentileNs(percent / 100) / 1e6;

    public void Add(QueryTally other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] += other.outcomes[i];
        }

        latencies.Add(other.latencies);
        GoodQueries += other.GoodQueries;
        Samples += other.Samples;
    }

    public void Clear()
    {
        Array.Clear(outcomes);
        latencies.Clear();
        GoodQueries = Samples = 0;
    }
}
