namespace Rectune.Engine.Serving.Http;

/// <summary>Lets a bounded number of lines a second through and counts the others. Time is handed in. Not safe for concurrent use.</summary>
public sealed class LineBudget(int linesPerSecond)
{
    private long second = -1;
    private int taken;
    private long suppressed;

    /// <summary>Whether one more line may be written.</summary>
    public bool TryTake(TimeSpan now)
    {
        var current = now.Ticks / TimeSpan.TicksPerSecond;
        if (current != second)
        {
            second = current;
            taken = 0;
        }

        if (taken < linesPerSecond)
        {
            taken++;
            return true;
        }

        suppressed++;
        return false;
    }

    /// <summary>Lines that were not let through since this was last asked.</summary>
    public long TakeSuppressed()
    {
        var count = suppressed;
        suppressed = 0;
        return count;
    }
}
