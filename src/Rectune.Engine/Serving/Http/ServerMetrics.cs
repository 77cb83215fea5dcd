namespace Rectune.Engine.Serving.Http;

/// <summary>Counters of one server. Safe for concurrent use; recording allocates nothing.</summary>
public sealed class ServerMetrics
{
    private readonly long[] outcomes = new long[Enum.GetValues<QueryOutcome>().Length];

    private long samples;

    /// <summary>Answered queries: from the moment the body was read to the moment the answer was handed to the connection.</summary>
    public LatencyHistogram AnsweredLatency { get; } = new();

    /// <summary>Samples scored in answered queries.</summary>
    public long Samples => Interlocked.Read(ref samples);

    public long Queries(QueryOutcome outcome) => Interlocked.Read(ref outcomes[(int)outcome]);

    public void Ended(QueryOutcome outcome) => Interlocked.Increment(ref outcomes[(int)outcome]);

    public void Answered(int count, TimeSpan latency)
    {
        Interlocked.Add(ref samples, count);
        AnsweredLatency.Record(latency);
    }
}
