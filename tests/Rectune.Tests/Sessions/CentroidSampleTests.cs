using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Workloads;
using Rectune.Engine.Data;
using Rectune.Engine.Sessions;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Sessions;

/// <summary>Ids whose encodings centroids are chosen from.</summary>
public sealed class CentroidSampleTests
{
    private const int Ragged = 2;

    private static readonly ModelCard Card = RepresentationCards.Bags();

    private static readonly PopularIds Zipf = PopularIds.Drawn(Card, SkewText.Of(1.2, Provenance.Assumed), seed: 5);

    [Fact]
    public void Draw_SameSeed_IsTheSameAndAnotherIsNot()
    {
        var first = Draw(kept: 10, count: 64, seed: 1);
        Assert.Equal(first.Ids, Draw(kept: 10, count: 64, seed: 1).Ids);
        Assert.Equal(first.Weights, Draw(kept: 10, count: 64, seed: 1).Weights);
        Assert.NotEqual(first.Ids, Draw(kept: 10, count: 64, seed: 2).Ids);
    }

    /// <summary>4 · 500 draws, at most 2048, of ranks from 11 on; each rank's share of them is its share of those uses.</summary>
    [Fact]
    public void Draw_PopularIds_FollowsTheirUseBehindTheCache()
    {
        var sample = Draw(kept: 10, count: 500, seed: 1);
        Assert.Equal(2000, sample.Weights.Sum());
        Assert.Equal(sample.Ids.Length, sample.Ids.Distinct().Count());
        Assert.Equal(sample.Weights.OrderDescending(), sample.Weights);
        var law = Zipf.Law(Ragged);
        var cached = Enumerable.Range(1, 10).Select(rank => Zipf.Id(Ragged, rank)).ToArray();
        Assert.Empty(sample.Ids.Intersect(cached));
        foreach (var rank in new[] { 11, 12, 15 })
        {
            var expected = 2000 * law.Share(rank) / (1 - law.ShareOfFirst(10));
            var found = sample.Weights[Array.IndexOf(sample.Ids, Zipf.Id(Ragged, rank))];
            Assert.InRange(found, expected - (5 * Math.Sqrt(expected)), expected + (5 * Math.Sqrt(expected)));
        }
    }

    /// <summary>Draws of the steepest law meet few ids; there are as many as centroids all the same, and those are the next most used.</summary>
    [Fact]
    public void Draw_FewerIdsDrawnThanCentroids_TakesTheMostUsedOfTheOthers()
    {
        var popular = PopularIds.Counted([.. Card.Sparse.Select(feature => Enumerable.Range(0, (int)feature.Rows).Select(id => id == 7 ? 1_000_000 : id < 300 ? 2 : 0).ToArray())]);
        var sample = CentroidSample.Draw(popular, Ragged, kept: 0, count: 100, rows: 5000, new SplitMix64(1));
        Assert.Equal(100, sample.Ids.Length);
        Assert.Equal(7, sample.Ids[0]);
        Assert.All(sample.Ids, id => Assert.InRange(id, 0, 299));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(400)]
    public void Draw_MoreCentroidsThanKnownIds_TakesAnyOthers(long kept)
    {
        var popular = PopularIds.Counted([.. Card.Sparse.Select(feature => Enumerable.Range(0, (int)feature.Rows).Select(id => id % 10 == 0 ? 5 : 0).ToArray())]);
        var sample = CentroidSample.Draw(popular, Ragged, kept, count: 5000, rows: 5000, new SplitMix64(1));
        Assert.Equal(Enumerable.Range(0, 5000), sample.Ids.Order());
        Assert.All(sample.Weights, weight => Assert.True(weight >= 1));
    }

    [Fact]
    public void Draw_EverythingCached_StillHasCentroids() => Assert.Equal(3, Draw(kept: 5000, count: 3, seed: 1).Ids.Length);

    private static CentroidSample Draw(long kept, int count, ulong seed) => CentroidSample.Draw(Zipf, Ragged, kept, count, Card.Sparse[Ragged].Rows, new SplitMix64(seed));
}
