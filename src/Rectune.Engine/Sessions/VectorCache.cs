using Rectune.Core.Domain;
using Rectune.Core.Representations;
using Rectune.Core.Units;
using Rectune.Engine.Data;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>
/// The finished vectors that all instances of a configuration share, in a fixed amount of memory: at first those of the ids that the workload is known to use most, later, where it follows
/// what is asked for, those that were. A version is never changed, only replaced as a whole by one reference; runs under way keep the version they began with. It ends with the last instance.
/// </summary>
internal sealed class VectorCache : IDisposable
{
    /// <summary>Counted lookups before which a refresh would follow chance: for each cached id, and at all.</summary>
    private const int CountedPerEntry = 4;
    private const int LeastCounted = 4096;

    /// <summary>Times that an id must have been counted to come in: the count is then known to about a third.</summary>
    private const int CountedToEnter = 8;

    /// <summary>Part of all lookups that a refresh must add to the hits to be worth decoding for.</summary>
    private const double LeastGain = 0.005;

    private readonly ModelGraphs graphs;
    private readonly StoredTables stored;
    private readonly EmbeddingDesign design;
    private readonly long bytes;

    /// <summary>Vectors of the first version that are shared with other configurations; null where it has its own, or has given them up.</summary>
    private HotVectors? lent;

    private readonly Lock changing = new();
    private readonly List<CacheReader> readers = [];
    private readonly List<int> tableOfCounter = [];
    private readonly List<HotVectors> retired = [];
    private CacheVersion current;
    private CacheRefresh? refresh;
    private bool ended;

    private VectorCache(ModelGraphs graphs, StoredTables stored, long bytes, HotVectors? lent, float[][] weights)
    {
        (this.graphs, this.stored, this.bytes, this.lent) = (graphs, stored, bytes, lent);
        design = stored.Design;
        current = new CacheVersion(lent ?? new HotVectors([.. design.CachedTables.Select(table => (table.Dim, Array.Empty<int>()))]), weights, []);
    }

    public CacheVersion Current => Volatile.Read(ref current);

    /// <summary>The cache of a configuration, filled as far as popular ids are known; null where it has none.</summary>
    /// <exception cref="InvalidInputException">A cache for a representation that hashes no ids.</exception>
    public static VectorCache? Of(ModelGraphs graphs, StoredTables stored, Configuration configuration)
    {
        if (configuration.CacheBytes == 0)
        {
            return null;
        }

        var source = stored.Design;
        if (source.CachedTables.Count == 0)
        {
            throw new InvalidInputException(
                "cacheBytes",
                $"found {new ByteSize(configuration.CacheBytes)} for {source.Representation.Id()}, which hashes no ids of '{source.Card.Name}'",
                "cache the vectors of dhe, hybrid or select, or leave the cache out");
        }

        if (stored.Popular is not { } popular)
        {
            return new VectorCache(graphs, stored, configuration.CacheBytes, lent: null, [.. source.CachedTables.Select(_ => Array.Empty<float>())]);
        }

        var plan = VectorCachePlan.Of(source, configuration.CacheBytes, popular.Law);
        var vectors = stored.Hot(configuration.CacheBytes, () => HotVectorFill.Make(graphs, source, HotVectorFill.Ids(plan, popular), configuration.Cores()));
        return new VectorCache(graphs, stored, configuration.CacheBytes, vectors, Weights(source, plan, popular));
    }

    public int TableOf(int slot) => Enumerable.Range(0, design.CachedTables.Count).First(table => design.CachedTables[table].Slots.Contains(slot));

    /// <summary>A hold on the cache for one more instance.</summary>
    /// <param name="inherited">Counters of the instance in whose place it is; null for a new one.</param>
    public CacheReader Enter(int[]? inherited = null)
    {
        lock (changing)
        {
            readers.Add(new CacheReader(this, inherited));
            return readers[^1];
        }
    }

    /// <summary>A counter for one more slot of an instance; before the cache follows anything.</summary>
    public int Join(int table)
    {
        lock (changing)
        {
            tableOfCounter.Add(table);
            Volatile.Write(ref current, current with { Counters = [.. current.Counters, Counter(current.Vectors, current.Counters.Length)] });
            return tableOfCounter.Count - 1;
        }
    }

    public void Leave(CacheReader reader)
    {
        bool last;
        lock (changing)
        {
            last = readers.Remove(reader) && readers.Count == 0;
        }

        if (last)
        {
            Dispose();
        }
    }

    /// <summary>Follows what is asked for from now on.</summary>
    public void Follow(CacheRefreshing refreshing) => refresh ??= new CacheRefresh(this, refreshing);

    /// <summary>
    /// Brings in what was looked up most since the last version, if enough was counted and it is worth it. Vectors are decoded on the caller's thread; nobody who runs waits. One caller
    /// at a time.
    /// </summary>
    /// <param name="atATime">Most ids that are decoded between two pauses.</param>
    /// <param name="pause">Called after each of them; may throw to give up, which leaves the cache as it is.</param>
    /// <returns>Whether there are other vectors now.</returns>
    public bool Refresh(int atATime, Action pause)
    {
        FreeRetired();
        var version = Current;
        var counted = version.Counters.Sum(counter => counter.Counted);
        var entries = Enumerable.Range(0, design.CachedTables.Count).Sum(table => (long)version.Vectors.Count(table));
        if (counted < Math.Max(LeastCounted, CountedPerEntry * entries))
        {
            return false;
        }

        var next = CacheContents.Next(design, VectorCachePlan.EntryBudget(design, bytes), version, tableOfCounter, CountedToEnter);
        if (next.Gain < LeastGain)
        {
            // What is old is forgotten all the same.
            Replace(version.Vectors, next.KnownWeights);
            return false;
        }

        Replace(HotVectorFill.Renew(graphs, design, next.Ids, version.Vectors, atATime, pause), next.Weights);
        retired.Add(version.Vectors);
        FreeRetired();
        return true;
    }

    public void Dispose()
    {
        refresh?.Dispose();
        lock (changing)
        {
            if (ended)
            {
                return;
            }

            ended = true;
        }

        foreach (var vectors in retired.Append(current.Vectors).Where(vectors => vectors != lent))
        {
            vectors.Dispose();
        }

        if (lent is not null)
        {
            stored.Return(bytes);
        }
    }

    /// <summary>Of the entries of a plan, by number, which is rank − 1.</summary>
    private static float[][] Weights(EmbeddingDesign design, VectorCachePlan plan, PopularIds popular)
    {
        var lookups = plan.Tables.Sum(table => VectorCachePlan.Lookups(design, table));
        return [.. plan.Tables.Zip(plan.Entries, (table, entries) => Enumerable.Range(1, checked((int)entries))
            .Select(rank => (float)(VectorCachePlan.Lookups(design, table) * popular.Law(table.Feature).Share(rank) / lookups)).ToArray())];
    }

    private AccessCounter Counter(HotVectors vectors, int counter) => new(vectors.Count(tableOfCounter[counter]), (ulong)counter);

    private void Replace(HotVectors vectors, float[][] weights) =>
        Interlocked.Exchange(ref current, new CacheVersion(vectors, weights, [.. Enumerable.Range(0, tableOfCounter.Count).Select(counter => Counter(vectors, counter))]));

    /// <summary>Frees what was replaced and no run holds any more.</summary>
    private void FreeRetired()
    {
        CacheReader[] holding;
        lock (changing)
        {
            holding = [.. readers];
        }

        retired.RemoveAll(vectors =>
        {
            if (holding.Any(reader => reader.Holds(vectors)))
            {
                return false;
            }

            if (vectors == lent)
            {
                stored.GiveUp(bytes);
                lent = null;
            }
            else
            {
                vectors.Dispose();
            }

            return true;
        });
    }
}
