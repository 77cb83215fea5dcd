namespace Rectune.Engine.Serving.Http;

/// <summary>Counters of one server. Safe for concurrent use; recording allocates nothing.</summary>
public sealed class ServerMetrics
{
    private readonly long[] outcomes = new long[Enum.GetValues<QueryOutcome>().Length];

    private long samples;
    private long goodQueries;
    private long goodSamples;
    private long slowQueries;

    /// <summary>Answered queries: from the moment the body was read to the moment the answer was handed to the connection.</summary>
    public DurationBuckets AnsweredLatency { get; } = new();

    /// <summary>Samples scored in answered queries.</summary>
    public long Samples => Interlocked.Read(ref samples);

    /// <summary>Queries answered within the plan's limit.</summary>
    public long GoodQueries => Interlocked.Read(ref goodQueries);

    /// <summary>Samples of <see cref="GoodQueries"/>.</summary>
    public long GoodSamples => Interlocked.Read(ref goodSamples);

    /// <summary>Queries that were owed an answer within the plan's limit and did not have it: answered later, turned away or failed.</summary>
    public long Misses
    {
        get
        {
            var misses = Interlocked.Read(ref slowQueries);
            for (var outcome = 0; outcome < outcomes.Length; outcome++)
            {
                misses += QueryTally.IsUnanswered((QueryOutcome)outcome) ? Queries((QueryOutcome)outcome) : 0;
            }

            return misses;
        }
    }

    public long Queries(QueryOutcome outcome) => Interlocked.Read(ref outcomes[(int)outcome]);

    public void Ended(QueryOutcome outcome) => Interlocked.Increment(ref outcomes[(int)outcome]);

    public void Answered(int count, TimeSpan latency, bool withinLimit = true)
    {
        Interlocked.Add(ref samples, count);
        AnsweredLatency.Record(latency);
        if (withinLimit)
        {
            Interlocked.Increment(ref goodQueries);
            Interlocked.Add(ref goodSamples, count);
        }
        else
        {
            Interlocked.Increment(ref slowQueries);
        }
    }
}
