using Rectune.Core.Domain;

namespace Rectune.Core.Scheduling;

/// <summary>
/// Tells whether live service times of a path have left the plan's interval for long. Runs are compared with what the plan explains of them in windows of <see cref="WindowSeconds"/> that hold at least
/// <see cref="FewestRuns"/>; the median of a window counts, so that stalls of a second do not. <see cref="Windows"/> windows in a row outside on the same side are a drift; it ends when as many in a row
/// have come back by half the way, on a logarithmic scale. Allocates nothing after construction. Not safe for concurrent use.
/// </summary>
/// <param name="low">Lower end of the interval, below 1.</param>
/// <param name="high">Upper end, above 1.</param>
public sealed class ServiceDrift(double low, double high)
{
    /// <summary>Longer than the longest spells of a machine.</summary>
    public const double WindowSeconds = 10;

    /// <summary>A window goes on until it has so many.</summary>
    public const int FewestRuns = 30;

    /// <summary>Windows in a row that make a drift, and that end one.</summary>
    public const int Windows = 3;

    private const long WindowNs = (long)(WindowSeconds * 1e9);

    private readonly RatioMedian overMost = new();
    private readonly RatioMedian overLeast = new();
    private DriftState state = DriftState.Unjudged;
    private long sinceNs;
    private double? ratio;
    private long windowFromNs;

    // Of windows in a row that say the same.
    private DriftState said = DriftState.AsPlanned;
    private int saidWindows;
    private long saidFromNs;

    // Of windows in a row that have come back.
    private int backWindows;
    private long backFromNs;

    /// <summary>Takes a run over; true where the state has changed with it.</summary>
    /// <param name="nowNs">When it ended; never falls.</param>
    /// <param name="leastNs">The least that the plan explains of it, above 0.</param>
    /// <param name="mostNs">The most, at least the same.</param>
    public bool Ran(long nowNs, long tookNs, double leastNs, double mostNs)
    {
        var closes = overMost.Count >= FewestRuns && nowNs - windowFromNs >= WindowNs;
        var changed = closes && Close();
        if (overMost.Count == 0)
        {
            windowFromNs = nowNs;
            sinceNs = state == DriftState.Unjudged && ratio is null ? nowNs : sinceNs;
        }

        overMost.Add(tookNs / mostNs);
        overLeast.Add(tookNs / leastNs);
        return changed;
    }

    /// <summary>As it is now.</summary>
    public PathDrift At(long nowNs) => new() { State = state, Ratio = ratio, Low = low, High = high, ForS = ratio is null ? 0 : Math.Max(0, nowNs - sinceNs) / 1e9 };

    private bool Close()
    {
        // Above what is explained at most, or below what is explained at least; all between is explained.
        var (above, below) = (overMost.Median(), overLeast.Median());
        var seen = above > 1 ? above : below < 1 ? below : 1;
        ratio = seen;
        overMost.Clear();
        overLeast.Clear();
        var says = seen > high ? DriftState.Slower : seen < low ? DriftState.Faster : DriftState.AsPlanned;
        (saidWindows, saidFromNs) = says == said ? (saidWindows + 1, saidWindows == 0 ? windowFromNs : saidFromNs) : (1, windowFromNs);
        said = says;
        (backWindows, backFromNs) = !IsBack(seen) ? (0, 0) : (backWindows + 1, backWindows == 0 ? windowFromNs : backFromNs);
        if (says is DriftState.Slower or DriftState.Faster && saidWindows >= Windows)
        {
            return Become(says, saidFromNs);
        }

        return state == DriftState.Unjudged
            ? says == DriftState.AsPlanned && Become(DriftState.AsPlanned, windowFromNs)
            : backWindows >= Windows && Become(DriftState.AsPlanned, backFromNs);
    }

    private bool IsBack(double seen) => state switch
    {
        DriftState.Slower => seen < Math.Sqrt(high),
        DriftState.Faster => seen > Math.Sqrt(low),
        _ => true,
    };

    private bool Become(DriftState next, long fromNs)
    {
        if (next == state)
        {
            return false;
        }

        (state, sinceNs, backWindows) = (next, fromNs, 0);
        return true;
    }
}
