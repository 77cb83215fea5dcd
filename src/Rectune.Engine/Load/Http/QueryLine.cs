namespace Rectune.Engine.Load.Http;

/// <summary>Queries that wait for a connection, oldest first. Grows to the longest line and keeps that memory. Not safe for concurrent use.</summary>
internal sealed class QueryLine
{
    private SentQuery[] ring = new SentQuery[64];
    private int head;

    public int Count { get; private set; }

    public void Add(in SentQuery query)
    {
        if (Count == ring.Length)
        {
            var longer = new SentQuery[2 * ring.Length];
            for (var i = 0; i < Count; i++)
            {
                longer[i] = ring[(head + i) & (ring.Length - 1)];
            }

            (ring, head) = (longer, 0);
        }

        ring[(head + Count++) & (ring.Length - 1)] = query;
    }

    public bool TryTake(out SentQuery query) => TryTakeBefore(long.MaxValue, out query);

    /// <summary>Takes the oldest if it was submitted before <paramref name="timestamp"/>.</summary>
    public bool TryTakeBefore(long timestamp, out SentQuery query)
    {
        if (Count == 0 || ring[head].SubmittedAt >= timestamp)
        {
            query = default;
            return false;
        }

        query = ring[head];
        ring[head] = default;
        head = (head + 1) & (ring.Length - 1);
        Count--;
        return true;
    }
}
