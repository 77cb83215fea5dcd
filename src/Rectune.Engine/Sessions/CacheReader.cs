using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>
/// One instance's hold on a cache that may be replaced at any time. A run keeps to the version that was there when it began; nobody waits for anybody. While a version is held it
/// is not freed (a hazard pointer: Michael, IEEE Transactions on Parallel and Distributed Systems 15(6), 2004).
/// </summary>
internal sealed class CacheReader(VectorCache cache) : IDisposable
{
    private CacheVersion? held;

    /// <summary>The version of the run under way.</summary>
    public CacheVersion Version => held!;

    /// <summary>Counts what a slot of this instance looks up in a table.</summary>
    /// <returns>The slot's place among the counters of every version.</returns>
    public int Join(int table) => cache.Join(table);

    /// <summary>The table that keeps a slot's vectors.</summary>
    public int TableOf(int slot) => cache.TableOf(slot);

    public void Begin()
    {
        CacheVersion seen;
        do
        {
            // A full fence: whoever replaces the version either sees that it is held, or has replaced it before the second look.
            seen = cache.Current;
            Interlocked.Exchange(ref held, seen);
        }
        while (!ReferenceEquals(seen, cache.Current));
    }

    public void End() => Volatile.Write(ref held, null);

    public bool Holds(HotVectors vectors) => Volatile.Read(ref held)?.Vectors == vectors;

    public void Dispose() => cache.Leave(this);
}
