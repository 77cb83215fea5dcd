namespace Rectune.Engine.Serving;

/// <summary>What the calling thread may do beside its work, where that is to run an instance: others wait for it.</summary>
internal static class InstanceThread
{
    /// <summary>Answering a query takes about 60 us, of which handing that to another thread and its way back to the core would take 20 to 100.</summary>
    private const long LongBesideAnsweringNs = 500_000;

    [ThreadStatic]
    private static bool isCurrent;

    [ThreadStatic]
    private static bool mayAnswer;

    /// <summary>Whether the calling thread runs an instance.</summary>
    public static bool IsCurrent => isCurrent;

    /// <summary>Whether it has just spent so long on the queries that end now that it may as well answer them itself.</summary>
    public static bool MayAnswer => mayAnswer;

    /// <summary>The calling thread runs an instance from here on.</summary>
    public static void Begin() => isCurrent = true;

    /// <summary>Its last run took <paramref name="tookNs"/> nanoseconds, and <paramref name="queries"/> end with it.</summary>
    public static void Ran(long tookNs, int queries) => mayAnswer = tookNs >= LongBesideAnsweringNs * queries;
}
