using Rectune.Core.Domain;

namespace Rectune.Engine.Serving;

/// <summary>State of one query inside the server; reused.</summary>
/// <param name="outputs">Scores of a sample.</param>
internal sealed class QuerySlot(int outputs)
{
    private IQueryObserver? observer;
    private long tag;
    private int count;

    public FeatureBatch? Source { get; private set; }

    public int Start { get; private set; }

    /// <summary>Scores that the query will have.</summary>
    public int ScoreCount => count * outputs;

    /// <summary><c>[samples, outputs]</c> in a buffer that may be longer; lent to the query from its first run to its end, empty otherwise.</summary>
    public float[] Scores { get; set; } = [];

    public QueryEnd End { get; set; }

    /// <summary>By the server's clock.</summary>
    public long SubmittedNs { get; private set; }

    public void Begin(FeatureBatch source, int start, int samples, IQueryObserver queryObserver, long queryTag, long nowNs)
    {
        SubmittedNs = nowNs;
        Source = source;
        Start = start;
        count = samples;
        observer = queryObserver;
        tag = queryTag;
        End = QueryEnd.Answered;
    }

    /// <summary>Hands the ended query and its buffer over, so that the slot is free before the observer is called.</summary>
    public void CopyTo(QuerySlot other)
    {
        other.Begin(Source!, Start, count, observer!, tag, SubmittedNs);
        other.End = End;
        (other.Scores, Scores) = (Scores, []);
        Release();
    }

    /// <summary>Tells the observer, then lets go of it and of the features.</summary>
    public void Report()
    {
        observer!.Ended(tag, End == QueryEnd.Answered ? Scores.AsSpan(0, ScoreCount) : [], End);
        Release();
    }

    private void Release()
    {
        Source = null;
        observer = null;
    }
}
