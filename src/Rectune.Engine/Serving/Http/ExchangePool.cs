using Rectune.Engine.Serving.Protocol;

namespace Rectune.Engine.Serving.Http;

/// <summary>Idle <see cref="Exchange"/>s, as many as a bound on their memory allows. Safe for concurrent use.</summary>
internal sealed class ExchangePool(InputLayout layout, string modelName, string modelVersion, ServerWatch watch)
{
    /// <summary>Chosen so that idle requests stay a small part of the memory of any model worth a plan.</summary>
    private const long MaxIdleBytes = 256L << 20;

    private readonly Lock guard = new();
    private readonly Stack<(Exchange Exchange, long Bytes)> idle = new();

    private long idleBytes;
    private int made;

    /// <summary>Exchanges made so far, those let go again included.</summary>
    public int Made => Volatile.Read(ref made);

    public Exchange Rent()
    {
        lock (guard)
        {
            if (idle.TryPop(out var last))
            {
                idleBytes -= last.Bytes;
                return last.Exchange;
            }
        }

        Interlocked.Increment(ref made);
        return new Exchange(layout, modelName, modelVersion, watch);
    }

    public void Return(Exchange exchange)
    {
        var bytes = exchange.RetainedBytes;
        lock (guard)
        {
            if (idleBytes + bytes <= MaxIdleBytes)
            {
                idleBytes += bytes;
                idle.Push((exchange, bytes));
            }
        }
    }
}
