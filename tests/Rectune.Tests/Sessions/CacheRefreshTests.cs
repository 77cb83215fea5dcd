using Rectune.Core.Domain;
using Rectune.Core.Representations;
using Rectune.Core.Workloads;
using Rectune.Engine.Data;
using Rectune.Engine.Sessions;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Sessions;

/// <summary>A cache that follows what is asked for.</summary>
public sealed class CacheRefreshTests : IDisposable
{
    private const string Representation = "dhe(k=32,decoder=12)";
    private const int Batch = 200;
    private const int Samples = 20_000;

    private static readonly ModelCard Card = RepresentationCards.Bags();
    private static readonly FeatureBatch Skewed = CandidatePool.Synthetic(Card, SkewText.Of(1.2, Provenance.Assumed), 1, 2, Samples).Features;
    private static readonly FeatureBatch Moved = CandidatePool.Synthetic(Card, SkewText.Of(1.2, Provenance.Assumed), 2, 2, Samples).Features;

    private readonly ModelGraphs graphs = new(Card, RepresentationRun.Seed);
    private readonly List<IDisposable> loaded = [];
    private StoredTables? stored;

    /// <summary>About 600 entries for 26,000 ids.</summary>
    private static long CacheBytes => 32 << 10;

    public void Dispose()
    {
        loaded.Reverse();
        loaded.ForEach(one => one.Dispose());
    }

    [Fact]
    public void Refresh_EmptyCache_ComesToHitAsOftenAsTheClosedForm()
    {
        var (cache, instance) = Load(popular: null);
        Run(instance, Skewed, Samples);
        Assert.Equal(0, instance.CacheUse.Hits);
        for (var i = 0; i < 3; i++)
        {
            cache.Refresh(32, () => { });
            Run(instance, Skewed, Samples);
        }

        var best = VectorCachePlan.Of(graphs.Design(RepresentationCatalog.Parse(Representation, "a test")), CacheBytes, 1.2).HitRate;
        var found = HitRate(instance, Skewed);
        Assert.InRange(found, best - 0.05, best + 0.01);
    }

    [Fact]
    public void Refresh_OtherIdsAskedFor_FollowsThem()
    {
        var (cache, instance) = Load(PopularIds.Drawn(Card, SkewText.Of(1.2, Provenance.Assumed), 1));
        var planned = HitRate(instance, Skewed);
        var strange = HitRate(instance, Moved);
        Assert.True(strange < planned / 2, $"{strange} of {planned}");
        for (var i = 0; i < 4; i++)
        {
            Run(instance, Moved, Samples);
            Assert.True(cache.Refresh(32, () => { }) || i > 0);
        }

        Assert.InRange(HitRate(instance, Moved), planned - 0.06, 1);
        Assert.InRange(cache.Current.Vectors.Bytes, 0, CacheBytes);
    }

    [Fact]
    public void Refresh_IdsAsPlanned_LeavesTheCacheAlone()
    {
        var (cache, instance) = Load(PopularIds.Drawn(Card, SkewText.Of(1.2, Provenance.Assumed), 1));
        var vectors = cache.Current.Vectors;
        Run(instance, Skewed, Samples);
        Assert.False(cache.Refresh(32, () => { }));
        Assert.Same(vectors, cache.Current.Vectors);

        // What was counted is forgotten: the next refresh would wait for more.
        Assert.All(cache.Current.Counters, counter => Assert.Equal(0, counter.Counted));
    }

    [Fact]
    public void Refresh_LittleCounted_Waits()
    {
        var (cache, instance) = Load(popular: null);
        Run(instance, Skewed, Batch);
        var version = cache.Current;
        Assert.False(cache.Refresh(32, () => { }));
        Assert.Same(version, cache.Current);
    }

    [Fact]
    public void Renew_InstanceWithACache_HasTheSameVectorsAndCountsOn()
    {
        var (cache, instance) = Load(PopularIds.Drawn(Card, SkewText.Of(1.2, Provenance.Assumed), 1));
        var hits = HitRate(instance, Skewed);
        var (counters, counted) = (cache.Current.Counters, cache.Current.Counters.Sum(counter => counter.Counted));

        var renewed = instance.Renew();
        loaded.Add(renewed);
        loaded.Remove(instance);
        instance.Dispose();

        Assert.Equal(hits, HitRate(renewed, Skewed));
        Assert.Same(counters, cache.Current.Counters);
        Assert.InRange(cache.Current.Counters.Sum(counter => counter.Counted), 1.9 * counted, 2.1 * counted);
        var again = renewed.Renew();
        loaded.Add(again);
        Assert.Equal(hits, HitRate(again, Skewed));
    }

    [Fact]
    public void Renew_CountersOfTheCache_GoOnFromWhatTheReplacedInstanceCounted()
    {
        var (_, instance) = Load(PopularIds.Drawn(Card, SkewText.Of(1.2, Provenance.Assumed), 1));
        Run(instance, Skewed, Samples);
        var once = instance.CacheUse;
        Assert.True(once.Hits > 0);

        var renewed = instance.Renew();
        loaded.Add(renewed);
        var again = renewed.Renew();
        loaded.Add(again);

        Assert.Equal((once, once), (renewed.CacheUse, again.CacheUse));
        Run(again, Skewed, Samples);
        Assert.Equal(once.Plus(once), again.CacheUse);
    }

    [Fact]
    public void Refresh_VersionInUse_IsFreedOnlyAfterwards()
    {
        var (cache, instance) = Load(popular: null);
        using var reader = cache.Enter();
        Run(instance, Skewed, Samples);
        Assert.True(cache.Refresh(32, () => { }));
        reader.Begin();
        var used = reader.Version.Vectors;
        Run(instance, Moved, Samples);
        Assert.True(cache.Refresh(32, () => { }));
        Assert.NotSame(used, cache.Current.Vectors);
        Assert.Same(used, reader.Version.Vectors);
        Assert.False(used.IsFreed);
        reader.End();
        cache.Refresh(32, () => { });
        Assert.True(used.IsFreed);
    }

    /// <summary>Two configurations begin with the same vectors; they are freed when both have others.</summary>
    [Fact]
    public void Refresh_SharedVectors_AreFreedByTheLastWhoHasOthers()
    {
        var (first, one) = Load(PopularIds.Drawn(Card, SkewText.Of(1.2, Provenance.Assumed), 1));
        var second = VectorCache.Of(graphs, stored!, VectorCacheTests.Configuration(Representation, 1, CacheBytes))!;
        var two = Instance(second);
        var shared = first.Current.Vectors;
        Assert.Same(shared, second.Current.Vectors);
        Run(one, Moved, Samples);
        Assert.True(first.Refresh(32, () => { }));
        Assert.False(shared.IsFreed);
        Run(two, Moved, Samples);
        Assert.True(second.Refresh(32, () => { }));
        Assert.True(shared.IsFreed);
        Run(one, Moved, Batch);
        Run(two, Moved, Batch);
    }

    [Fact]
    public void Refresh_GivenUp_LeavesTheCacheAsItIs()
    {
        var (cache, instance) = Load(popular: null);
        Run(instance, Skewed, Samples);
        var version = cache.Current;
        var pauses = 0;
        Assert.Throws<OperationCanceledException>(() => cache.Refresh(8, () =>
        {
            if (++pauses == 3)
            {
                throw new OperationCanceledException();
            }
        }));
        Assert.Same(version, cache.Current);
        Assert.True(cache.Refresh(32, () => { }));
    }

    /// <summary>Versions come and go while instances run: every score is right, and nothing is read that was freed.</summary>
    [Fact]
    public void Refresh_WhileInstancesRun_ChangesNoScore()
    {
        var (cache, first) = Load(popular: null);
        var second = Instance(cache);
        using var plain = new RepresentationRun(Card, Representation, Batch);
        FeatureBatch[] pools = [Skewed, Moved];
        float[][] expected = [.. pools.Select(pool => plain.Scores(pool, (0, Batch)))];
        using var done = new ManualResetEventSlim();
        PathInstance[] instances = [first, second];
        var wrong = 0;
        Thread[] threads = [.. instances.Select(instance => new Thread(() =>
        {
            for (var i = 0; !done.IsSet; i++)
            {
                // Spells of one pool and of the other: each refresh finds other ids.
                var which = i / 400 % 2;
                var at = i % 10 == 0 ? 0 : i * Batch % Samples;
                instance.Begin();
                instance.Add(pools[which], at, Batch);
                instance.Pool();
                instance.Score();
                if (at == 0 && instance.Scores.ToArray().Zip(expected[which]).Any(pair => !(Math.Abs(pair.First - pair.Second) <= 1e-4)))
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        }))];
        foreach (var thread in threads)
        {
            thread.Start();
        }

        var replaced = 0;
        for (var looks = 0; replaced < 5 && looks < 20_000; looks++)
        {
            replaced += cache.Refresh(32, () => { }) ? 1 : 0;
            Thread.Yield();
        }

        done.Set();
        foreach (var thread in threads)
        {
            thread.Join();
        }

        Assert.Equal(0, wrong);
        Assert.True(replaced > 0);
    }

    [Fact]
    public void Load_Following_EndsWithTheLastInstance()
    {
        var faults = new List<Exception>();
        var configuration = VectorCacheTests.Configuration(Representation, 1, CacheBytes) with { Instances = 2 };
        var instances = PathInstances.Load(
            graphs, Stored(configuration, popular: null), configuration, Batch, new CacheRefreshing(TimeSpan.FromMilliseconds(1), TimeProvider.System, faults.Add));

        // It acts by itself, however long the machine lets it wait.
        for (var i = 0; i < 10_000 && instances[0].CacheUse.Hits == 0; i++)
        {
            Run(instances[0], Skewed, 10 * Batch);
        }

        Assert.True(instances[0].CacheUse.Hits > 0);
        foreach (var instance in instances)
        {
            // The last one ends the thread, or would wait for it for ever.
            instance.Dispose();
        }

        Assert.Empty(faults);
    }

    private static void Run(PathInstance instance, FeatureBatch pool, int samples)
    {
        for (var at = 0; at + Batch <= samples; at += Batch)
        {
            instance.Begin();
            instance.Add(pool, at, Batch);
            instance.Pool();
        }
    }

    private static double HitRate(PathInstance instance, FeatureBatch pool)
    {
        var before = instance.CacheUse;
        Run(instance, pool, Samples);
        var after = instance.CacheUse;
        return new CacheUse(after.Lookups - before.Lookups, after.Hits - before.Hits).HitRate!.Value;
    }

    private StoredTables Stored(Configuration configuration, PopularIds? popular)
    {
        var store = new TableStore(new RandomRows(RepresentationRun.Seed), 1, popular: () => popular);
        loaded.Add(store);
        return store.Open(graphs.Design(configuration.Representation), configuration, new Progress<double>(), CancellationToken.None);
    }

    private (VectorCache Cache, PathInstance Instance) Load(PopularIds? popular)
    {
        var configuration = VectorCacheTests.Configuration(Representation, 1, CacheBytes);
        stored = Stored(configuration, popular);
        var cache = VectorCache.Of(graphs, stored, configuration)!;
        return (cache, Instance(cache));
    }

    private PathInstance Instance(VectorCache cache)
    {
        var configuration = VectorCacheTests.Configuration(Representation, 1, CacheBytes);
        var instance = new PathInstance(graphs, stored!, configuration, Batch, InstanceSetup.Of(configuration, 0), cache.Enter());
        loaded.Add(instance);
        return instance;
    }
}
