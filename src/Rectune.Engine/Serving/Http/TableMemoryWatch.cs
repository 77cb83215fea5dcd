namespace Rectune.Engine.Serving.Http;

/// <summary>Measures memory when it is asked for, but not more often than is good: the system walks all of it. Safe for concurrent use.</summary>
public sealed class TableMemoryWatch(Func<TableMemoryUse> measure, TimeProvider clock)
{
    /// <summary>The system moves memory into huge pages over minutes.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    private readonly Lock guard = new();
    private TableMemoryUse? last;
    private long measuredAt;

    /// <summary>At most a minute old.</summary>
    public TableMemoryUse Current
    {
        get
        {
            lock (guard)
            {
                if (last is null || clock.GetElapsedTime(measuredAt) >= Freshness)
                {
                    last = measure();
                    measuredAt = clock.GetTimestamp();
                }

                return last;
            }
        }
    }
}
