namespace Rectune.Engine.Serving.Http;

/// <summary>Memory as it was measured last. Whoever looks waits for nothing: it is measured anew by who has the time, and not more often than is good, since the system walks all of it. Safe for concurrent use.</summary>
public sealed class TableMemoryWatch(Func<TableMemoryUse> measure, TimeProvider clock)
{
    /// <summary>The system moves memory into huge pages over minutes.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    private readonly Lock measuring = new();
    private TableMemoryUse? last;
    private long measuredAt;

    /// <summary>Null before it was measured for the first time, and since other tables took the place of those that it was measured of.</summary>
    public TableMemoryUse? Current => Volatile.Read(ref last);

    /// <summary>Measures where that was not done for a minute: milliseconds, more the more memory lies in small pages. Returns at once where another thread measures.</summary>
    public void Refresh()
    {
        if (!measuring.TryEnter())
        {
            return;
        }

        try
        {
            if (last is null || clock.GetElapsedTime(measuredAt) >= Freshness)
            {
                Volatile.Write(ref last, measure());
                measuredAt = clock.GetTimestamp();
            }
        }
        finally
        {
            measuring.Exit();
        }
    }

    /// <summary>Other tables are served: what was measured is none of them, and is measured anew at the next <see cref="Refresh"/>. Waits for a thread that measures.</summary>
    public void Forget()
    {
        lock (measuring)
        {
            Volatile.Write(ref last, null);
        }
    }
}
