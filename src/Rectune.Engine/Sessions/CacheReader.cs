using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>
/// One instance's hold on a cache that may be replaced at any time. A run keeps to the version that was there when it began; nobody waits for anybody. While a version is held it
/// is not freed (a hazard pointer: Michael, IEEE Transactions on Parallel and Distributed Systems 15(6), 2004).
/// </summary>
/// <param name="inherited">Counters of the instance in whose place this one is, in the order in which they joined; null for a new one.</param>
internal sealed class CacheReader(VectorCache cache, int[]? inherited = null) : IDisposable
{
    private readonly List<int> joined = [];
    private CacheVersion? held;

    /// <summary>The version of the run under way.</summary>
    public CacheVersion Version => held!;

    /// <summary>Counts what a slot of this instance looks up in a table.</summary>
    /// <returns>The slot's place among the counters of every version.</returns>
    public int Join(int table)
    {
        joined.Add(inherited is null ? cache.Join(table) : inherited[joined.Count]);
        return joined[^1];
    }

    /// <summary>A hold for an instance of the same design that takes this one's place: it counts where this one has counted, which must run no more.</summary>
    public CacheReader Succeed() => cache.Enter([.. joined]);

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
