namespace Rectune.Engine.Serving;

/// <summary>
/// How long to wait before an instance that failed is replaced: not at all the first time, then a second, and twice as long each time that it fails before it has worked for a while. Time is handed
/// in, since any start. Not safe for concurrent use.
/// </summary>
internal sealed class FailureBackoff
{
    /// <summary>Loading an instance costs the others some of their cores: at most one a half minute is little.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>An instance that has worked so long fails for a reason of its own.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromSeconds(30);

    private int failures;
    private TimeSpan? returned;

    /// <summary>It failed, or could not be replaced; returns how long to wait.</summary>
    public TimeSpan Failed(TimeSpan now)
    {
        if (now - returned >= Calm)
        {
            failures = 0;
        }

        returned = null;
        var doublings = failures++ - 1;
        return doublings < 0 ? TimeSpan.Zero
            : doublings < 5 ? TimeSpan.FromSeconds(1 << doublings)
            : Longest;
    }

    /// <summary>It was replaced and works again.</summary>
    public void Returned(TimeSpan now) => returned = now;
}
