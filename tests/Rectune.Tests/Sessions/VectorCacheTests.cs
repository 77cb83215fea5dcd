using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Representations;
using Rectune.Engine.Data;
using Rectune.Engine.Kernels;
using Rectune.Engine.Sessions;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Sessions;

/// <summary>A path with a cache before its decoders against the same path without.</summary>
public sealed class VectorCacheTests
{
    private const int Samples = 150;

    private const long Enough = 1L << 26;

    /// <summary>Pooled bags of every kind, sequences, two vectors a feature, some features hashed.</summary>
    private static readonly (string Card, string Representation)[] Represented =
    [
        ("bags", "dhe(k=32,decoder=12)"),
        ("bags", "dhe(k=32,decoder=12-6,encoding=gaussian,activation=mish,norm=batch)"),
        ("steps", "dhe(k=32,decoder=12)"),
        ("bags", "select(rows=1000,k=32,decoder=12)"),
        ("steps", "select(features=item,k=32,decoder=12)"),
        ("dot", "hybrid(k=32,decoder=12)"),
    ];

    /// <summary>Each with no id cached, every id, and every third.</summary>
    public static TheoryData<string, string, int> Paths
    {
        get
        {
            var paths = new TheoryData<string, string, int>();
            foreach (var (card, representation) in Represented)
            {
                foreach (var every in new[] { 0, 1, 3 })
                {
                    paths.Add(card, representation, every);
                }
            }

            return paths;
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Vectors_AnyIdsCached_AreTheDecoders(string name, string representation, int every)
    {
        var card = RepresentationCards.Of(name);
        var pool = RepresentationCards.Pool(card, Samples);
        var graphs = new ModelGraphs(card, RepresentationRun.Seed);
        foreach (var threads in new[] { 1, 3 })
        {
            var (plain, _) = Vectors(graphs, representation, threads, pool, cacheBytes: 0, every);
            var (cached, use) = Vectors(graphs, representation, threads, pool, Enough, every);
            Assert.All(plain, (value, i) => Assert.Equal(value, cached[i], 1e-6 * Math.Max(1, Math.Abs(value))));

            var asked = AskedIds(graphs, representation, pool).ToArray();
            Assert.Equal(new CacheUse(asked.Length, every == 0 ? 0 : asked.Count(id => id % every == 0)), use);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Score_AnyIdsCached_ChangesNothingAndAllocatesNothing(string name, string representation, int every)
    {
        var card = RepresentationCards.Of(name);
        var pool = RepresentationCards.Pool(card, Samples);
        using var plain = new RepresentationRun(card, representation, Samples);
        var expected = plain.Scores(pool, (0, Samples));
        foreach (var threads in new[] { 1, 3 })
        {
            using var cached = new RepresentationRun(card, representation, Samples, threads: threads, cacheBytes: Enough, popular: Every(card, every));
            AssertNear(expected, cached.Scores(pool, (0, Samples)));
            AssertNear(expected, cached.Scores(pool, (0, 1), (1, 99), (100, 3), (103, 47)));
            Assert.Equal(0, Allocation.Of(() => Loop(cached.Instance, pool)));
        }
    }

    [Fact]
    public void Score_PopularIdsUnknown_BeginsEmpty()
    {
        var card = RepresentationCards.Bags();
        var pool = RepresentationCards.Pool(card, Samples);
        using var plain = new RepresentationRun(card, "dhe(k=32,decoder=12)", Samples);
        using var cached = new RepresentationRun(card, "dhe(k=32,decoder=12)", Samples, cacheBytes: Enough);
        AssertNear(plain.Scores(pool, (0, Samples)), cached.Scores(pool, (0, Samples)));
        Assert.Equal(0, cached.Instance.CacheUse.Hits);
        Assert.Equal(default, plain.Instance.CacheUse);
    }

    /// <summary>Bags of 255, 256, 257 and 513 ids, of which every third is cached: what waits for the decoder ends at every border.</summary>
    [Fact]
    public void Score_BagsLongerThanAChunk_ChangesNothing()
    {
        int[] sizes = [255, 256, 257, 513, 0, 1, 767, 768, 769];
        var card = RepresentationCards.Bags();
        var ids = RepresentationCards.Pool(card, sizes.Length, 5);
        var random = new SplitMix64(8);
        int[] offsets = [0, .. sizes.Select((_, i) => sizes[..(i + 1)].Sum())];
        var columns = ids.Columns.ToArray();
        columns[2] = new SparseColumn([.. Enumerable.Range(0, offsets[^1]).Select(_ => (int)random.NextInt64(card.Sparse[2].Rows))], offsets);
        var pool = new FeatureBatch(sizes.Length, ids.Dense, columns);
        using var plain = new RepresentationRun(card, "dhe(k=32,decoder=12)", Samples);
        foreach (var every in new[] { 0, 1, 3 })
        {
            using var cached = new RepresentationRun(card, "dhe(k=32,decoder=12)", Samples, cacheBytes: Enough, popular: Every(card, every));
            AssertNear(plain.Scores(pool, (0, sizes.Length)), cached.Scores(pool, (0, sizes.Length)));
            AssertNear(plain.Scores(pool, (1, 3)), cached.Scores(pool, (1, 3)));
        }
    }

    [Theory]
    [InlineData("table")]
    [InlineData("qr(above=0)")]
    [InlineData("select(rows=1000000,k=32,decoder=12)")]
    public void Constructor_NothingHashed_IsRefused(string representation)
    {
        var refused = Assert.Throws<InvalidInputException>(() => new RepresentationRun(RepresentationCards.Bags(), representation, 4, cacheBytes: 1 << 20));
        Assert.Contains("hashes no ids", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Instances share one set of vectors, which is freed with the tables, not with them.</summary>
    [Fact]
    public void Load_SeveralInstances_FillTheCacheOnce()
    {
        var card = RepresentationCards.Bags();
        var pool = RepresentationCards.Pool(card, Samples);
        var graphs = new ModelGraphs(card, RepresentationRun.Seed);
        var configuration = Configuration("dhe(k=32,decoder=12)", 1, Enough) with { Instances = 3 };
        using var store = new TableStore(new RandomRows(RepresentationRun.Seed), 1, popular: () => Every(card, 3));
        var stored = store.Open(graphs.Design(configuration.Representation), configuration, new Progress<double>(), CancellationToken.None);
        HotVectors? first = null;
        for (var i = 0; i < 2; i++)
        {
            var instances = PathInstances.Load(graphs, stored, configuration, Samples);
            var hot = stored.Hot(Enough, () => throw new InvalidOperationException("expected to be filled"));
            Assert.Same(first ??= hot, hot);
            foreach (var instance in instances)
            {
                instance.Begin();
                instance.Add(pool, 0, Samples);
                instance.Pool();
                Assert.True(instance.CacheUse.HitRate is > 0.2 and < 0.5);
                instance.Dispose();
            }

            Assert.False(hot.IsFreed);
        }

        store.Close();
        Assert.True(first!.IsFreed);
    }

    /// <summary>Every so many-th id of every feature is popular, the others unknown.</summary>
    internal static PopularIds Every(ModelCard card, int every) =>
        PopularIds.Counted([.. card.Sparse.Select(feature => Enumerable.Range(0, (int)feature.Rows).Select(id => every > 0 && id % every == 0 ? 2 : 0).ToArray())]);

    internal static Configuration Configuration(string representation, int threads, long cacheBytes) =>
        TinyModel.Configuration(TablePrecision.Fp32, threads) with { Representation = RepresentationCatalog.Parse(representation, "a test"), CacheBytes = cacheBytes };

    private static (float[] Vectors, CacheUse Use) Vectors(ModelGraphs graphs, string representation, int threads, FeatureBatch pool, long cacheBytes, int every)
    {
        var configuration = Configuration(representation, threads, cacheBytes);
        using var store = new TableStore(new RandomRows(RepresentationRun.Seed), 1, popular: () => Every(graphs.Card, every));
        var stored = store.Open(graphs.Design(configuration.Representation), configuration, new Progress<double>(), CancellationToken.None);
        using var production = new VectorProduction(graphs, stored, configuration, Samples, InstanceSetup.Of(configuration, 0), VectorCache.Of(graphs, stored, configuration)?.Enter());
        var vectors = new float[pool.Samples * stored.Design.Layout.Width];
        production.Produce(pool, 0, pool.Samples, vectors);
        return (vectors, production.CacheUse);
    }

    /// <summary>Ids of hashed features whose vectors somebody looks at.</summary>
    private static IEnumerable<int> AskedIds(ModelGraphs graphs, string representation, FeatureBatch pool)
    {
        var design = graphs.Design(RepresentationCatalog.Parse(representation, "a test"));
        foreach (var slot in design.CachedTables.SelectMany(table => table.Slots).Select(slot => design.Layout.Slots[slot]))
        {
            var (ids, offsets) = pool.Columns[slot.Feature];
            for (var sample = 0; sample < pool.Samples; sample++)
            {
                var each = ids.Length / pool.Samples;
                var bag = offsets is null ? ids[(sample * each)..((sample + 1) * each)] : ids[offsets[sample]..offsets[sample + 1]];
                foreach (var id in slot.Steps > 0 ? bag.Take(slot.Steps) : bag)
                {
                    yield return id;
                }
            }
        }
    }

    private static void AssertNear(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected, (value, i) => Assert.Equal(value, found[i], Math.Max(2e-5f, Math.Abs(value) * 1e-5f)));
    }

    private static void Loop(PathInstance instance, FeatureBatch pool)
    {
        for (var i = 0; i < 20; i++)
        {
            instance.Begin();
            instance.Add(pool, 7, 1 + (i * 37 % 70));
            instance.Add(pool, 0, 1 + (i * 11 % 70));
            instance.Pool();
            instance.Score();
            Assert.True(instance.CacheUse.Lookups > 0);
        }
    }
}
