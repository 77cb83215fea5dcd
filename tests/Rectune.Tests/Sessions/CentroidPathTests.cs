using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Numerics;
using Rectune.Core.Representations;
using Rectune.Core.Workloads;
using Rectune.Engine.Data;
using Rectune.Engine.Kernels;
using Rectune.Engine.Sessions;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Sessions;

/// <summary>A path with centroids in the place of its decoders against a search for the nearest of them, id by id.</summary>
public sealed class CentroidPathTests
{
    private const int Samples = 150;
    private const int Hashes = 32;
    private const string Dhe = "dhe(k=32,decoder=12-6)";

    /// <summary>Pooled bags of every kind, sequences, two vectors a feature, some features hashed; without a cache and with a small one.</summary>
    public static TheoryData<string, string, long> Paths => new()
    {
        { "bags", Dhe, 0 },
        { "bags", Dhe, 16 << 10 },
        { "bags", "dhe(k=32,decoder=12,encoding=gaussian)", 16 << 10 },
        { "steps", Dhe, 0 },
        { "steps", Dhe, 4 << 10 },
        { "bags", "select(rows=1000,k=32,decoder=12-6)", 16 << 10 },
        { "dot", "hybrid(k=32,decoder=12-6)", 16 << 10 },
    };

    [Theory]
    [MemberData(nameof(Paths))]
    public void Vectors_IdsThatNoCacheHolds_AreThoseOfTheNearestCentroid(string name, string representation, long cacheBytes)
    {
        var card = RepresentationCards.Of(name);
        var pool = RepresentationCards.Pool(card, Samples);
        var graphs = new ModelGraphs(card, RepresentationRun.Seed);
        var popular = Zipf(card);
        foreach (var threads in new[] { 1, 3 })
        {
            var configuration = VectorCacheTests.Configuration(representation, threads, cacheBytes) with { Centroids = 40 };
            using var store = new TableStore(new RandomRows(RepresentationRun.Seed), 1, popular: () => popular);
            var stored = store.Open(graphs.Design(configuration.Representation), configuration, new Progress<double>(), CancellationToken.None);
            var found = Produced(graphs, stored, configuration, pool);
            var exact = Produced(graphs, stored, configuration with { Centroids = null, CacheBytes = 0 }, pool);
            var design = CentroidChoice.Design(graphs, stored, configuration);
            Assert.True(design.IsApproximate);
            var expected = Slow(graphs, stored.Design, design, VectorCachePlan.Of(stored.Design, cacheBytes, popular.Law), popular, pool, exact);
            Assert.All(expected, (value, i) => Assert.Equal(value, found[i], 2e-5 * Math.Max(1, Math.Abs(value))));
            Assert.NotEqual(exact, found);
        }
    }

    /// <summary>Every id of the hashed tables, of 700 and 300 ids, has a centroid of its own: the nearest, and its vector is the decoder's.</summary>
    [Theory]
    [InlineData(700, 0)]
    [InlineData(4096, 0)]
    [InlineData(700, 8 << 10)]
    public void Score_CentroidForEveryId_ChangesNothing(int centroids, long cacheBytes)
    {
        const string Select = "select(features=one+fixed,k=32,decoder=12-6)";
        var card = RepresentationCards.Bags();
        var pool = RepresentationCards.Pool(card, Samples);
        using var exact = new RepresentationRun(card, Select, Samples);
        using var similar = new RepresentationRun(card, Select, Samples, cacheBytes: cacheBytes, popular: Zipf(card), centroids: centroids);
        var expected = exact.Scores(pool, (0, Samples));
        var found = similar.Scores(pool, (0, Samples));
        Assert.All(expected, (value, i) => Assert.Equal(value, found[i], Math.Max(2e-5f, Math.Abs(value) * 1e-5f)));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Run_Centroids_AllocatesNothing(string name, string representation, long cacheBytes)
    {
        var card = RepresentationCards.Of(name);
        var pool = RepresentationCards.Pool(card, Samples);
        foreach (var threads in new[] { 1, 3 })
        {
            using var run = new RepresentationRun(card, representation, Samples, threads: threads, cacheBytes: cacheBytes, popular: Zipf(card), centroids: 40);
            Assert.Equal(0, Allocation.Of(() =>
            {
                for (var i = 0; i < 20; i++)
                {
                    run.Instance.Begin();
                    run.Instance.Add(pool, 7, 1 + (i * 37 % 70));
                    run.Instance.Add(pool, 0, 1 + (i * 11 % 70));
                    run.Instance.Pool();
                    run.Instance.Score();
                }
            }));
        }
    }

    /// <summary>Scores of a path that was loaded anew, by other processes too, are those that were measured.</summary>
    [Fact]
    public void Score_ChosenAgain_IsTheSame()
    {
        var card = RepresentationCards.Bags();
        var pool = RepresentationCards.Pool(card, Samples);
        using var first = new RepresentationRun(card, Dhe, Samples, cacheBytes: 16 << 10, popular: Zipf(card), centroids: 40);
        using var second = new RepresentationRun(card, Dhe, Samples, threads: 2, cacheBytes: 16 << 10, popular: Zipf(card), centroids: 40);
        using var others = new RepresentationRun(card, Dhe, Samples, cacheBytes: 16 << 10, popular: Zipf(card, seed: 6), centroids: 40);
        var (scores, again) = (first.Scores(pool, (0, Samples)), second.Scores(pool, (0, Samples)));
        Assert.All(scores, (value, i) => Assert.Equal(value, again[i], Math.Max(2e-5f, Math.Abs(value) * 1e-5f)));
        Assert.NotEqual(scores, others.Scores(pool, (0, Samples)));
    }

    /// <summary>The middles of what was drawn, and the decoder's vectors of them, the slow way.</summary>
    [Fact]
    public void Design_Centroids_AreDecodedMiddlesOfWhatTheCacheLeavesOut()
    {
        var card = RepresentationCards.Bags();
        var graphs = new ModelGraphs(card, RepresentationRun.Seed);
        var popular = Zipf(card);
        var configuration = VectorCacheTests.Configuration(Dhe, 1, 16 << 10) with { Centroids = 40 };
        using var store = new TableStore(new RandomRows(RepresentationRun.Seed), 1, popular: () => popular);
        var stored = store.Open(graphs.Design(configuration.Representation), configuration, new Progress<double>(), CancellationToken.None);
        var design = CentroidChoice.Design(graphs, stored, configuration);
        var plan = VectorCachePlan.Of(stored.Design, configuration.CacheBytes, popular.Law);
        var slow = new SlowDhe(new RandomParameters(RepresentationRun.Seed), Hashes, [12, 6]);
        for (var table = 0; table < design.CachedTables.Count; table++)
        {
            var cached = design.CachedTables[table];
            var chosen = ((CentroidDecoder)design.Sources[cached.Slots[0]].Decoder!).Chosen!;
            var name = design.TableOf(cached.Slots[0]);
            Assert.True(plan.Entries[table] > 0);

            // The same draws, seen from outside: a stream of the model's seed for each table's name.
            var random = SplitMix64.For(RepresentationRun.Seed, 0x43656E74726F6964, StableHash.Of(name));
            var sample = CentroidSample.Draw(popular, cached.Feature, plan.Entries[table], 40, card.Sparse[cached.Feature].Rows, random);
            var encodings = new float[sample.Ids.Length * Hashes];
            new DheEncoder().Encode(graphs.Hashes(stored.Design.Sources[cached.Slots[0]].Hashes!), DheEncoding.Uniform, sample.Ids, encodings);
            var means = DirectionClusters.Means(encodings, Hashes, sample.Weights, 40, rounds: 4);
            for (var i = 0; i < 40; i++)
            {
                var mean = Array.ConvertAll(means[(i * Hashes)..((i + 1) * Hashes)], value => (double)value);
                var length = Math.Sqrt(mean.Sum(value => value * value));
                Assert.All(mean, (value, j) => Assert.Equal(value / length, chosen.Directions[(j * 40) + i], 1e-6));
                Assert.All(slow.Decode(name, mean, cached.Dim), (value, d) => Assert.Equal(value, chosen.Vectors[(i * cached.Dim) + d], 1e-5));
            }
        }

        Assert.Equal(design.CentroidBytes, design.CachedTables.Sum(cached => ((CentroidDecoder)design.Sources[cached.Slots[0]].Decoder!).Chosen!.Bytes));
    }

    [Fact]
    public void Load_SeveralInstances_ChooseOnce()
    {
        var card = RepresentationCards.Bags();
        var graphs = new ModelGraphs(card, RepresentationRun.Seed);
        var configuration = VectorCacheTests.Configuration(Dhe, 1, 16 << 10) with { Centroids = 40, Instances = 3 };
        using var store = new TableStore(new RandomRows(RepresentationRun.Seed), 1, popular: () => Zipf(card));
        var stored = store.Open(graphs.Design(configuration.Representation), configuration, new Progress<double>(), CancellationToken.None);
        var instances = PathInstances.Load(graphs, stored, configuration, Samples);
        var chosen = CentroidChoice.Design(graphs, stored, configuration);
        Assert.Same(chosen, stored.WithCentroids(configuration.CacheBytes, 40, () => throw new InvalidOperationException("expected to be chosen")));
        Assert.NotSame(chosen, CentroidChoice.Design(graphs, stored, configuration with { CacheBytes = 8 << 10 }));
        Assert.Same(stored.Design, CentroidChoice.Design(graphs, stored, configuration with { Centroids = null }));
        Array.ForEach(instances, instance => instance.Dispose());
    }

    [Theory]
    [InlineData("table")]
    [InlineData("qr(above=0)")]
    [InlineData("materialized(k=32,decoder=12)")]
    public void Constructor_NothingHashed_IsRefused(string representation)
    {
        var card = RepresentationCards.Bags();
        var refused = Assert.Throws<InvalidInputException>(() => new RepresentationRun(card, representation, 4, popular: Zipf(card), centroids: 40));
        Assert.Contains("centroids: found 40 for", refused.Message, StringComparison.Ordinal);
        Assert.Contains("hashes no ids of", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16 << 10)]
    public void Constructor_PopularIdsUnknown_IsRefused(long cacheBytes)
    {
        var refused = Assert.Throws<InvalidInputException>(() => new RepresentationRun(RepresentationCards.Bags(), Dhe, 4, cacheBytes: cacheBytes, centroids: 40));
        Assert.Contains("but not which ids", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--skew", refused.Message, StringComparison.Ordinal);
    }

    private static PopularIds Zipf(ModelCard card, ulong seed = 5) => PopularIds.Drawn(card, SkewText.Of(1.1, Provenance.Assumed), seed);

    private static float[] Produced(ModelGraphs graphs, StoredTables stored, Configuration configuration, FeatureBatch pool)
    {
        using var production = new VectorProduction(graphs, stored, configuration, Samples, InstanceSetup.Of(configuration, 0), VectorCache.Of(graphs, stored, configuration)?.Enter());
        var vectors = new float[pool.Samples * stored.Design.Layout.Width];
        production.Produce(pool, 0, pool.Samples, vectors);
        return vectors;
    }

    /// <summary>The exact vectors with every hashed slot written anew: of each id the decoder's vector where the cache holds it, else that of the centroid with the largest cosine.</summary>
    private static double[] Slow(ModelGraphs graphs, EmbeddingDesign exact, EmbeddingDesign similar, VectorCachePlan plan, PopularIds popular, FeatureBatch pool, float[] vectors)
    {
        var expected = Array.ConvertAll(vectors, value => (double)value);
        using var evaluator = new RowEvaluator(graphs);
        for (var table = 0; table < exact.CachedTables.Count; table++)
        {
            var cached = exact.CachedTables[table];
            var held = Enumerable.Range(1, (int)plan.Entries[table]).Select(rank => popular.Id(cached.Feature, rank)).ToHashSet();
            foreach (var index in cached.Slots)
            {
                var slot = exact.Layout.Slots[index];
                var (ids, offsets) = pool.Columns[slot.Feature];
                var each = ids.Length / pool.Samples;
                for (var sample = 0; sample < pool.Samples; sample++)
                {
                    var bag = offsets is null ? ids[(sample * each)..((sample + 1) * each)] : ids[offsets[sample]..offsets[sample + 1]];
                    var at = (sample * exact.Layout.Width) + slot.Column;
                    Array.Clear(expected, at, slot.Elements);
                    for (var step = 0; step < (slot.Steps == 0 ? bag.Length : Math.Min(bag.Length, slot.Steps)); step++)
                    {
                        var vector = held.Contains(bag[step]) ? Decoded(index, bag[step]) : Nearest(index, bag[step]);
                        for (var d = 0; d < slot.Dim; d++)
                        {
                            expected[at + (slot.Steps == 0 ? 0 : step * slot.Dim) + d] += vector[d];
                        }
                    }
                }
            }
        }

        return expected;

        float[] Decoded(int slot, int id)
        {
            var vector = new float[exact.Layout.Slots[slot].Dim];
            evaluator.Evaluate(exact, slot, [id], vector);
            return vector;
        }

        float[] Nearest(int slot, int id)
        {
            var input = exact.Sources[slot].Hashes!;
            var encoding = new float[input.Count];
            new DheEncoder("scalar").Encode(graphs.Hashes(input), input.Encoding, [id], encoding);
            var chosen = ((CentroidDecoder)similar.Sources[slot].Decoder!).Chosen!;
            var dim = exact.Layout.Slots[slot].Dim;
            var count = chosen.Vectors.Length / dim;
            var products = Enumerable.Range(0, count).Select(i => Enumerable.Range(0, input.Count).Sum(j => (double)encoding[j] * chosen.Directions[(j * count) + i])).ToArray();
            var best = Array.IndexOf(products, products.Max());
            return chosen.Vectors[(best * dim)..((best + 1) * dim)];
        }
    }
}
