namespace Rectune.Tests.Fakes;

/// <summary>Bytes that an action allocates on this thread.</summary>
internal static class Allocation
{
    /// <summary>
    /// The least of several measurements: a collection started by a test on another thread retires this thread's allocation context and counts its
    /// rest, some kilobytes, as allocated. What the action itself allocates is in every measurement.
    /// </summary>
    public static long Of(Action action)
    {
        action();
        var least = long.MaxValue;
        for (var i = 0; i < 10 && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
