using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Workloads;

namespace Rectune.Core.Representations;

/// <summary>
/// What a cache of finished vectors (the encoder cache of MP-Cache: Hsia et al., MP-Rec, ASPLOS 2023) keeps of a design: the most used ids of every hashed table, as many as one
/// budget is best spent on, and the share of lookups that it answers, in closed form.
/// </summary>
public sealed class VectorCachePlan
{
    /// <summary>Two places of eight bytes in the index.</summary>
    public const int IndexBytesPerEntry = 16;

    /// <summary>What starting the index and the vectors of a table on lines of their own costs at most, bytes.</summary>
    public const int BytesPerTable = 128;

    /// <summary>Frequent misses that an instance counts for each slot: what a refresh can bring in at a time.</summary>
    public const int CountedMisses = 4096;

    /// <summary>Of a count of hits, and of a weight.</summary>
    private const int CountBytes = 4;

    private VectorCachePlan(EmbeddingDesign design, IReadOnlyList<CacheDemand> demands, IReadOnlyList<long> entries)
    {
        Tables = design.CachedTables;
        Entries = entries;
        HitRate = CacheAllocation.HitRate(demands, entries);
        var rates = new double[design.Sources.Count];
        for (var table = 0; table < Tables.Count; table++)
        {
            foreach (var slot in Tables[table].Slots)
            {
                rates[slot] = Math.Min(1, demands[table].Law.ShareOfFirst(entries[table]));
            }
        }

        HitRates = rates;
    }

    /// <summary>Those of the design.</summary>
    public IReadOnlyList<CachedTable> Tables { get; }

    /// <summary>Most used ids that are kept of each table.</summary>
    public IReadOnlyList<long> Entries { get; }

    /// <summary>Part of all lookups of hashed features that are answered, 0 to 1.</summary>
    public double HitRate { get; }

    /// <summary>The same for each slot of the layout; 0 where nothing is hashed.</summary>
    public IReadOnlyList<double> HitRates { get; }

    /// <summary>Memory of a cached id, bytes.</summary>
    public static long EntryBytes(int dim) => ((long)dim * sizeof(float)) + IndexBytesPerEntry;

    /// <param name="lawOf">How often the ids of a feature of the card are used.</param>
    public static VectorCachePlan Of(EmbeddingDesign design, long cacheBytes, Func<int, IRankLaw> lawOf)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(lawOf);
        CacheDemand[] demands = [.. design.CachedTables.Select(table => new CacheDemand(lawOf(table.Feature), Lookups(design, table), EntryBytes(table.Dim)))];
        return new VectorCachePlan(design, demands, CacheAllocation.Split(demands, EntryBudget(design, cacheBytes)));
    }

    /// <summary>Where no more is known of a workload than how uneven it is: ids of every feature follow one Zipf law, of exponent 0 where there is none.</summary>
    public static VectorCachePlan Of(EmbeddingDesign design, long cacheBytes, double zipfExponent)
    {
        ArgumentNullException.ThrowIfNull(design);
        return Of(design, cacheBytes, feature => new ZipfRanks(SharedIds.Bound(design.Card, SharedIds.OwnerOf(design.Card, feature)), zipfExponent));
    }

    /// <summary>Ids of a sample that are looked up in a table, by all features that share it.</summary>
    public static double Lookups(EmbeddingDesign design, CachedTable table)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(table);
        return table.Slots.Sum(slot => design.Card.Sparse[design.Layout.Slots[slot].Feature].Lookups);
    }

    /// <summary>What a budget leaves for entries, bytes.</summary>
    public static long EntryBudget(EmbeddingDesign design, long cacheBytes)
    {
        ArgumentNullException.ThrowIfNull(design);
        return Math.Max(0, cacheBytes - ((long)BytesPerTable * design.CachedTables.Count));
    }

    /// <summary>
    /// Memory of a configuration's cache, bytes: the one in use and the one that a refresh fills beside it, each with the weights of its entries and what every instance counts.
    /// </summary>
    public static long MemoryBytes(EmbeddingDesign design, Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration.CacheBytes == 0 || design.CachedTables.Count == 0)
        {
            return 0;
        }

        var entries = configuration.CacheBytes / design.CachedTables.Min(table => EntryBytes(table.Dim));
        var slots = design.CachedTables.Sum(table => table.Slots.Count);
        var counts = (entries * CountBytes) + ((long)slots * CountedMisses * sizeof(ulong));
        return 2 * (configuration.CacheBytes + (entries * CountBytes) + (configuration.Instances * counts));
    }
}
