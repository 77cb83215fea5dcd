using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Workloads;

namespace Rectune.Engine.Data;

/// <summary>Which ids of every feature a workload uses most, and how often. Safe from several threads.</summary>
public sealed class PopularIds
{
    /// <summary>Of a feature whose ids were counted: a million of them are a gibibyte of any vectors worth caching.</summary>
    private const int MostKept = 1 << 20;

    private readonly (IRankLaw Law, Func<long, int> IdOf)[] features;

    private PopularIds((IRankLaw Law, Func<long, int> IdOf)[] features) => this.features = features;

    /// <summary>How often the ids of a feature are used.</summary>
    public IRankLaw Law(int feature) => features[feature].Law;

    /// <param name="rank">From 1, the most used.</param>
    public int Id(int feature, long rank) => features[feature].IdOf(rank);

    /// <summary>Of candidates that <see cref="SyntheticCandidates"/> draws with the same arguments.</summary>
    /// <param name="ranks">Of the trace; null without one.</param>
    public static PopularIds Drawn(ModelCard card, IndexSkew skew, ulong seed, EmpiricalRanks? ranks = null)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(skew);
        return new PopularIds([.. Enumerable.Range(0, card.Sparse.Count).Select(feature => OfFeature(SharedIds.OwnerOf(card, feature)))]);

        (IRankLaw Law, Func<long, int> IdOf) OfFeature(int feature)
        {
            var rows = SharedIds.Bound(card, feature);
            var scatter = SyntheticCandidates.ScatterOf(card, feature, seed);
            if (ranks is not null)
            {
                return (ranks.Law(rows), rank => checked((int)(rows >= ranks.Distinct ? scatter.Row(rank - 1) : rank - 1)));
            }

            // Where all are used alike, any are as good as the first.
            var alpha = skew.ZipfExponent ?? 0;
            return (new ZipfRanks(rows, alpha), rank => checked((int)(alpha == 0 ? rank - 1 : scatter.Row(rank - 1))));
        }
    }

    /// <summary>
    /// Of data in which every id was counted. An id is taken to be used as often as the rest of the data says, once less than it was counted: of those that were seen once, nothing
    /// says that they will be seen again.
    /// </summary>
    /// <param name="countsPerFeature">For each feature how often each id was looked up.</param>
    public static PopularIds Counted(IReadOnlyList<int[]> countsPerFeature)
    {
        ArgumentNullException.ThrowIfNull(countsPerFeature);
        return new PopularIds([.. countsPerFeature.Select(OfFeature)]);

        static (IRankLaw Law, Func<long, int> IdOf) OfFeature(int[] counts)
        {
            int[] ids = [.. Enumerable.Range(0, counts.Length).Where(id => counts[id] > 1).OrderByDescending(id => counts[id]).Take(MostKept)];
            return (new CountedRanks(ids.Select(id => counts[id] - 1L), counts.Sum(count => (long)count)), rank => ids[rank - 1]);
        }
    }
}
