using Rectune.Core.Representations;

namespace Rectune.Engine.Sessions;

/// <summary>What a cache had best hold next.</summary>
/// <param name="Ids"><c>[tables][numbers]</c></param>
/// <param name="Weights"><c>[tables][numbers]</c>: part of all lookups that each id is believed to get.</param>
/// <param name="KnownWeights">The same of what it holds now.</param>
/// <param name="Gain">Part of all lookups that it would answer more than now.</param>
internal sealed record CacheContents(int[][] Ids, float[][] Weights, float[][] KnownWeights, double Gain)
{
    /// <summary>
    /// The ids of most lookups a byte. One that is held is believed half what it was counted and half what was believed before, since counts are small. One that is not drives others out
    /// only when it was counted often enough to be sure of; one that was counted less often, but more than once, has what room is left.
    /// </summary>
    /// <param name="tableOfCounter">The table of each of the version's counters.</param>
    /// <param name="entryBytes">For all entries.</param>
    /// <param name="enough">Counts that make sure.</param>
    public static CacheContents Next(EmbeddingDesign design, long entryBytes, CacheVersion version, IReadOnlyList<int> tableOfCounter, int enough)
    {
        var counted = Math.Max(1, version.Counters.Sum(counter => counter.Counted));
        var tables = design.CachedTables.Count;
        var known = new float[tables][];
        var candidates = new List<Candidate>();
        for (var table = 0; table < tables; table++)
        {
            var counters = version.Counters.Where((_, counter) => tableOfCounter[counter] == table).ToArray();
            var ids = version.Vectors.Ids(table);
            known[table] = [.. ids.Select((_, number) => (float)((version.Weights[table][number] + ((double)counters.Sum(counter => counter.Hits[number]) / counted)) / 2))];
            candidates.AddRange(ids.Select((id, number) => new Candidate(table, id, known[table][number], Held: true, Sure: true)));
            var missed = new Dictionary<int, long>();
            foreach (var (id, count) in counters.SelectMany(counter => counter.Missed.Counts()))
            {
                missed[id] = missed.GetValueOrDefault(id) + count;
            }

            candidates.AddRange(missed.Where(id => id.Value > 1).Select(id => new Candidate(table, id.Key, (id.Value - 1.0) / counted, Held: false, Sure: id.Value >= enough)));
        }

        var chosen = Enumerable.Range(0, tables).Select(_ => new List<Candidate>()).ToArray();
        var left = entryBytes;
        var gain = 0.0;
        foreach (var candidate in candidates.OrderByDescending(c => c.Sure).ThenByDescending(c => c.Weight / Bytes(c)).ThenBy(c => c.Table).ThenBy(c => c.Id))
        {
            var fits = Bytes(candidate) <= left;
            gain += fits == candidate.Held ? 0 : fits ? candidate.Weight : -candidate.Weight;
            if (fits)
            {
                chosen[candidate.Table].Add(candidate);
                left -= Bytes(candidate);
            }
        }

        return new CacheContents(
            Array.ConvertAll(chosen, of => of.Select(c => c.Id).ToArray()), Array.ConvertAll(chosen, of => of.Select(c => (float)c.Weight).ToArray()), known, gain);

        long Bytes(Candidate candidate) => VectorCachePlan.EntryBytes(design.CachedTables[candidate.Table].Dim);
    }

    private readonly record struct Candidate(int Table, int Id, double Weight, bool Held, bool Sure);
}
