using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Numerics;
using Rectune.Core.Workloads;

namespace Rectune.Engine.Data;

/// <summary>
/// Candidates drawn from a skew. Each feature has its own stream of the seed, so the result does not depend on the threads. Ids are uniform, or
/// ranks, of Zipf's law or of a trace, scattered over the rows; dense features are ln(1 + x) with lognormal x, the shape that counters of a click log have.
/// </summary>
public static class SyntheticCandidates
{
    /// <summary>Enough that a run of some seconds seldom meets the same samples again while they are in a cache.</summary>
    private const int LargestDefault = 131_072;

    /// <summary>128 MiB of ids and dense values; a model with thousands of them a sample gets fewer samples.</summary>
    private const long ValueBudget = 1L << 25;

    private const ulong IdStream = 0x696473;
    private const ulong ScatterStream = 0x73636174746572;
    private const ulong DenseStream = 0x64656E7365;

    /// <summary>131,072 samples, or as many as 2²⁵ ids and dense values allow.</summary>
    public static int DefaultSamples(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        var values = card.DenseFeatures + card.Sparse.Sum(feature => (long)feature.Lookups);
        return (int)Math.Clamp(ValueBudget / Math.Max(values, 1), 1, LargestDefault);
    }

    /// <param name="skew">Uniform, Zipf with its exponent, or that of a trace.</param>
    /// <param name="ranks">The trace's ranks; null without a trace. A table with fewer rows than the trace has ids takes them modulo its rows.</param>
    /// <exception cref="ArgumentException">The skew is that of data, which must be replayed instead.</exception>
    public static CandidatePool Draw(ModelCard card, IndexSkew skew, ulong seed, int threads, int samples, EmpiricalRanks? ranks = null)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(skew);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        var alpha = skew switch
        {
            { Kind: SkewKind.Uniform } => 0,
            { Kind: SkewKind.Zipf, ZipfExponent: { } exponent } => exponent,
            { Kind: SkewKind.Trace } when ranks is not null => 0,
            _ => throw new ArgumentException($"expected a uniform skew, a Zipf skew with its exponent or a trace with its ranks, found {skew.Key()}", nameof(skew)),
        };
        var columns = new SparseColumn[card.Sparse.Count];
        Parallel.For(
            0, columns.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, feature => columns[feature] = Column(card, feature, alpha, ranks, seed, samples));
        for (var feature = 0; feature < columns.Length; feature++)
        {
            columns[feature] = columns[SharedIds.OwnerOf(card, feature)];
        }

        return new CandidatePool { Features = new FeatureBatch(samples, Dense(card, seed, samples), columns), Skew = skew, Popular = PopularIds.Drawn(card, skew, seed, ranks) };
    }

    /// <summary>Where the ranks of a feature's ids lie among its rows.</summary>
    internal static RankScatter ScatterOf(ModelCard card, int feature, ulong seed) =>
        new(SharedIds.Bound(card, feature), SplitMix64.For(seed, ScatterStream, (ulong)TableOf(card, feature)).NextUInt64());

    private static SparseColumn Column(ModelCard card, int feature, double alpha, EmpiricalRanks? ranks, ulong seed, int samples)
    {
        var rows = SharedIds.Bound(card, feature);
        var ids = new int[checked(samples * card.Sparse[feature].Lookups)];
        var generator = SplitMix64.For(seed, IdStream, (ulong)feature);
        var scatter = ScatterOf(card, feature, seed);
        if (ranks is not null)
        {
            foreach (ref var id in ids.AsSpan())
            {
                var rank = ranks.Next(ref generator) - 1;
                id = checked((int)(rows >= ranks.Distinct ? scatter.Row(rank) : rank % rows));
            }

            return new SparseColumn(ids, null);
        }

        if (alpha == 0)
        {
            foreach (ref var id in ids.AsSpan())
            {
                id = checked((int)generator.NextInt64(rows));
            }

            return new SparseColumn(ids, null);
        }

        var sampler = new ZipfSampler(rows, alpha);
        foreach (ref var id in ids.AsSpan())
        {
            id = checked((int)scatter.Row(sampler.Next(ref generator) - 1));
        }

        return new SparseColumn(ids, null);
    }

    /// <summary>Index of the feature whose table is looked up: features of one table have the same hot rows.</summary>
    private static int TableOf(ModelCard card, int feature)
    {
        var table = card.Sparse[feature].Table;
        for (var owner = 0; owner < feature && table is not null; owner++)
        {
            if (card.Sparse[owner].Name == table)
            {
                return owner;
            }
        }

        return feature;
    }

    private static float[] Dense(ModelCard card, ulong seed, int samples)
    {
        var dense = new float[checked(samples * card.DenseFeatures)];
        var generator = SplitMix64.For(seed, DenseStream);
        foreach (ref var value in dense.AsSpan())
        {
            value = MathF.Log(1 + MathF.Exp((float)(generator.NextNormal() * 2)));
        }

        foreach (var ids in card.Graph?.DenseIds ?? [])
        {
            for (var sample = 0; sample < samples; sample++)
            {
                foreach (ref var id in dense.AsSpan((sample * card.DenseFeatures) + ids.Column, ids.Width))
                {
                    id = generator.NextInt64(ids.Rows);
                }
            }
        }

        return dense;
    }
}
