namespace Rectune.Engine.Serving;

/// <summary>Whether the calling thread runs an instance, for which other queries may be waiting, and what it may do beside that.</summary>
internal static class InstanceThread
{
    /// <summary>Of a run a query: writing its answer takes about 60 us. Having another thread write it costs the core about as much where no other core is free.</summary>
    private const long LongBesideAnsweringNs = 500_000;

    /// <summary>Of one run: what waits for the next run waits for them.</summary>
    private const int MostAnswers = 4;

    [ThreadStatic]
    private static bool isCurrent;

    [ThreadStatic]
    private static bool noCoreIsFree;

    [ThreadStatic]
    private static bool mayAnswer;

    /// <summary>Whether the calling thread runs an instance.</summary>
    public static bool IsCurrent => isCurrent;

    /// <summary>Whether it has just spent so long on the few queries that end now that it may as well answer them itself.</summary>
    public static bool MayAnswer => mayAnswer;

    /// <summary>The calling thread runs an instance from here on.</summary>
    /// <param name="noCoreIsFree">Whether it and the other instances take all cores that there are.</param>
    public static void Begin(bool noCoreIsFree) => (isCurrent, InstanceThread.noCoreIsFree) = (true, noCoreIsFree);

    /// <summary>Its last run took <paramref name="tookNs"/> nanoseconds, and <paramref name="queries"/> end with it.</summary>
    public static void Ran(long tookNs, int queries) => mayAnswer = noCoreIsFree && queries <= MostAnswers && tookNs >= LongBesideAnsweringNs * queries;
}
