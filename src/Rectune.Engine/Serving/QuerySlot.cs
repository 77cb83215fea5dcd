using Rectune.Core.Domain;

namespace Rectune.Engine.Serving;

/// <summary>State of one query inside the server; reused.</summary>
internal sealed class QuerySlot
{
    /// <summary>Covers nearly every query size in use, so that buffers stop growing after one use.</summary>
    private const int SmallestBuffer = 1024;

    private IQueryObserver? observer;
    private long tag;
    private int count;

    public FeatureBatch? Source { get; private set; }

    public int Start { get; private set; }

    /// <summary>Swapped between slots; all grow to the largest query seen, then stay.</summary>
    public float[] Scores { get; private set; } = [];

    public bool Failed { get; set; }

    public void Begin(FeatureBatch source, int start, int samples, IQueryObserver queryObserver, long queryTag)
    {
        Source = source;
        Start = start;
        count = samples;
        observer = queryObserver;
        tag = queryTag;
        Failed = false;
        if (Scores.Length < samples)
        {
            Scores = new float[Math.Max(samples, SmallestBuffer)];
        }
    }

    /// <summary>Hands the ended query over by swapping buffers, so that the slot is free before the observer is called.</summary>
    public void CopyTo(QuerySlot other)
    {
        other.Begin(Source!, Start, 0, observer!, tag);
        other.count = count;
        other.Failed = Failed;
        (other.Scores, Scores) = (Scores, other.Scores);
        Release();
    }

    /// <summary>Tells the observer, then lets go of it and of the features.</summary>
    public void Report()
    {
        observer!.Ended(tag, Failed ? [] : Scores.AsSpan(0, count), Failed);
        Release();
    }

    /// <summary>Reports the query as failed.</summary>
    public void Fail()
    {
        Failed = true;
        Report();
    }

    private void Release()
    {
        Source = null;
        observer = null;
    }
}
