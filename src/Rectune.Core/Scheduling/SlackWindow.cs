namespace Rectune.Core.Scheduling;

/// <summary>
/// The least slack of a line of waiting queries at every moment, in constant time a query: what is left until a query's deadline once all work ahead of it is done falls and rises for all of them
/// alike, so that only their order matters, and a query behind one with less slack cannot be the least (the monotone queue of sliding-window minima). Allocates nothing after construction.
/// </summary>
public sealed class SlackWindow
{
    private readonly double[] keys;
    private readonly long[] ends;
    private int first;

    /// <param name="capacity">Most queries that wait.</param>
    public SlackWindow(int capacity)
    {
        keys = new double[capacity];
        ends = new long[capacity];
    }

    /// <summary>How many of those inside may be the least.</summary>
    public int Count { get; private set; }

    /// <summary>Least key of those inside; infinite when there is none.</summary>
    public double Least => Count == 0 ? double.PositiveInfinity : keys[first];

    /// <summary>Takes the youngest in.</summary>
    /// <param name="key">Deadline less the work ahead, both from fixed origins.</param>
    /// <param name="end">Its place in the work of the line: rises from query to query.</param>
    public void Add(double key, long end)
    {
        while (Count > 0 && keys[At(Count - 1)] >= key)
        {
            Count--;
        }

        var at = At(Count++);
        (keys[at], ends[at]) = (key, end);
    }

    /// <summary>Lets go of all whose place is at most <paramref name="end"/>.</summary>
    public void RemoveThrough(long end)
    {
        while (Count > 0 && ends[first] <= end)
        {
            first = first + 1 < keys.Length ? first + 1 : 0;
            Count--;
        }
    }

    public void Clear() => Count = 0;

    private int At(int i)
    {
        var at = first + i;
        return at < keys.Length ? at : at - keys.Length;
    }
}
