using Rectune.Core.Numerics;
using Rectune.Core.Workloads;
using Rectune.Engine.Data;

namespace Rectune.Engine.Sessions;

/// <summary>Ids of one table whose encodings centroids are chosen from: drawn as a workload uses those that no cache holds.</summary>
/// <param name="Ids">Distinct, those drawn most first; at least as many as centroids.</param>
/// <param name="Weights">Times that each was drawn, at least 1.</param>
internal sealed record CentroidSample(int[] Ids, int[] Weights)
{
    /// <summary>Draws for each centroid: its part of the points is then a few, and a mean says something.</summary>
    private const int DrawnPerCentroid = 4;

    /// <summary>Draws at most: choosing takes as many products of an encoding with every centroid in each round.</summary>
    private const int MostDrawn = 2048;

    /// <param name="feature">Whose ids they are: index in the card's list.</param>
    /// <param name="kept">Most popular ids that a cache holds, and that are not drawn.</param>
    /// <param name="count">Centroids, at most <paramref name="rows"/>.</param>
    /// <param name="rows">Ids of the table.</param>
    /// <param name="random">Draws.</param>
    public static CentroidSample Draw(PopularIds popular, int feature, long kept, int count, long rows, SplitMix64 random)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, rows);
        var law = popular.Law(feature);
        var times = new Dictionary<long, int>();
        var (low, high) = (law.ShareOfFirst(kept), law.ShareOfFirst(law.Ranks));
        var draws = law.Ranks > kept ? Math.Min(MostDrawn, DrawnPerCentroid * count) : 0;
        for (var i = 0; i < draws; i++)
        {
            var rank = RankAt(law, kept, low + (random.NextDouble() * (high - low)));
            times[rank] = times.GetValueOrDefault(rank) + 1;
        }

        // Where fewer ids were drawn than there are centroids, those used most of the others; where no more are known to be used, any.
        for (var rank = kept + 1; rank <= law.Ranks && times.Count < count; rank++)
        {
            times.TryAdd(rank, 1);
        }

        var drawn = times.OrderByDescending(rank => rank.Value).ThenBy(rank => rank.Key).Select(rank => (Id: popular.Id(feature, rank.Key), Weight: rank.Value)).ToList();
        var known = drawn.Select(id => id.Id).ToHashSet();
        for (var id = 0; drawn.Count < count; id++)
        {
            if (known.Add(id))
            {
                drawn.Add((id, 1));
            }
        }

        return new CentroidSample([.. drawn.Select(id => id.Id)], [.. drawn.Select(id => id.Weight)]);
    }

    /// <summary>The first rank behind those kept up to which the uses of all ranks come to a share.</summary>
    private static long RankAt(IRankLaw law, long kept, double share)
    {
        var (low, high) = (kept + 1, law.Ranks);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = law.ShareOfFirst(middle) >= share ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
