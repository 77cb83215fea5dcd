using System.Collections.Concurrent;
using Rectune.Core.Domain;
using Rectune.Core.Scheduling;
using Rectune.Engine.Data;
using Rectune.Engine.Serving;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving;

public sealed class InProcessServerTests
{
    private const ulong Seed = 11;

    [Theory]
    [InlineData(1, 16, 16, 5, 1)]
    [InlineData(2, 8, 32, 5, 1)]
    [InlineData(2, 64, 64, 5, 1)]
    [InlineData(2, 8, 32, 5, 2)]
    [InlineData(2, 8, 32, 0, 3)]
    public void Submit_EveryQuery_IsAnsweredOnceWithItsOwnScores(int instances, int split, int maxBatch, int denseFeatures, int outputs)
    {
        var card = TinyModel.Card(denseFeatures > 0 ? InteractionKind.Dot : InteractionKind.Concat, denseFeatures, outputs);
        var pool = TinyModel.Pool(card, 200);
        var expected = Enumerable.Range(0, 200).Select(sample => TinyModel.SlowScores(card, pool, sample, Seed)).ToArray();
        using var tables = TinyModel.Tables(Seed);
        using var server = Server(card, tables, instances, split, maxBatch, queueLimit: 500);
        using var observer = new Collector(400);
        var ranges = new List<(int Start, int Count)>();
        for (var query = 0; query < 400; query++)
        {
            var range = (Start: query % 90, Count: 1 + (query * 7 % 100));
            ranges.Add(range);
            Assert.Equal(Admission.Accepted, server.Submit(pool, range.Start, range.Count, observer, query));
        }

        observer.Wait();
        Assert.Equal(400, observer.Answers.Count);
        foreach (var (tag, answer) in observer.Answers)
        {
            var (start, count) = ranges[(int)tag];
            Assert.Equal(count * outputs, answer.Length);
            for (var i = 0; i < answer.Length; i++)
            {
                Assert.Equal(expected[start + (i / outputs)][i % outputs], answer[i], 1e-5);
            }
        }
    }

    [Fact]
    public void Submit_QueueFull_RefusesAtOnce()
    {
        var card = TinyModel.Card();
        var pool = TinyModel.Pool(card, 64);
        using var tables = TinyModel.Tables(Seed);
        using var server = Server(card, tables, 1, 64, 64, queueLimit: 4);
        using var observer = new Collector(int.MaxValue);
        var accepted = 0;
        var refused = 0;
        for (var i = 0; i < 2000; i++)
        {
            _ = server.Submit(pool, 0, 64, observer, i) == Admission.Accepted ? accepted++ : refused++;
        }

        Assert.True(refused > 0);
        Assert.True(server.Drain(TimeSpan.FromSeconds(30)));
        Assert.Equal(accepted, observer.Answers.Count);
    }

    [Fact]
    public void Drain_AnswersWhatIsInside_ThenRefuses()
    {
        var card = TinyModel.Card();
        var pool = TinyModel.Pool(card, 64);
        using var tables = TinyModel.Tables(Seed);
        using var server = Server(card, tables, 2, 16, 16, queueLimit: 200);
        using var observer = new Collector(200);
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(Admission.Accepted, server.Submit(pool, 0, 30, observer, i));
        }

        Assert.True(server.Drain(TimeSpan.FromSeconds(30)));
        Assert.Equal(200, observer.Answers.Count);
        Assert.Equal(0, server.QueriesInside);
        Assert.Equal(Admission.Closing, server.Submit(pool, 0, 1, observer, 999));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3_600_000)]
    public async Task Submit_InstancesThatLookForWork_AnswerFromTheirSpinAndFromTheirSleep(int spinMs)
    {
        var card = TinyModel.Card();
        var pool = TinyModel.Pool(card, 64);
        using var tables = TinyModel.Tables(Seed);
        using var server = Server(card, tables, 2, 16, 16, queueLimit: 200, spinMs);
        foreach (var pauseMs in new[] { 0, 0, 20, 20 })
        {
            await Task.Delay(pauseMs, TestContext.Current.CancellationToken);
            using var observer = new Collector(5);
            for (var i = 0; i < 5; i++)
            {
                Assert.Equal(Admission.Accepted, server.Submit(pool, 0, 30, observer, i));
            }

            observer.Wait();
        }

        // Nothing wakes those that look for an hour but the news that the server closes.
        Assert.True(server.Drain(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Submit_SeveralPaths_AreEachAnsweredByThePathThatTheSchedulerNamed()
    {
        // Two models that differ in their weights: whose scores come back tells the path. The good path takes a second by the plan, which only patient queries have.
        var card = TinyModel.Card();
        var pool = TinyModel.Pool(card, 100);
        using var fast = TinyModel.Tables(Seed);
        using var good = TinyModel.Tables(Seed + 1);
        var settings = Settings(instances: 1, split: 16, maxBatch: 16, queueLimit: 100) with
        {
            Policy = SchedulingPolicies.MultiPath,
            LimitUs = 60_000_000,
            Paths = [Path("fast", 0.7, us: 10), Path("good", 0.8, us: 1_000_000)],
        };
        var loaded = new[] { TinyModel.Instance(card, fast, TablePrecision.Fp32, 1, 16, Seed), TinyModel.Instance(card, good, TablePrecision.Fp32, 1, 16, Seed + 1) };
        using var server = new InProcessServer(settings, [.. loaded.Select(instance => new[] { instance })], TimeProvider.System);
        foreach (var (limitUs, seed) in new[] { (0L, Seed + 1), (500_000L, Seed), (0L, Seed + 1) })
        {
            using var observer = new Collector(1);
            Assert.Equal(Admission.Accepted, server.Submit(pool, 7, 10, observer, 0, new QueryTerms { LimitUs = limitUs }));
            observer.Wait();
            for (var i = 0; i < 10; i++)
            {
                Assert.Equal(TinyModel.SlowScores(card, pool, 7 + i, seed)[0], observer.Answers[0][i], 1e-5);
            }
        }

        // Ten samples a query: two of the good path, one of the fast.
        Assert.Equal([10L, 20L], server.UseOfPaths().Select(use => use.Samples));
        Assert.Equal([1L, 2L], server.UseOfPaths().Select(use => use.Runs));
        Assert.Equal([1L, 2L], server.UseOfPaths().Select(use => use.Queries));

        using var nobody = new Collector(1);
        Assert.Equal(Admission.TooLate, server.Submit(pool, 0, 1, nobody, 0, new QueryTerms { LimitUs = 5 }));
        Assert.Empty(nobody.Answers);

        static ScheduledPath Path(string id, double quality, double us) => new()
        {
            Id = id,
            Device = "cpu",
            Instances = 1,
            MaxBatch = 16,
            Quality = quality,
            Planned = [new PlannedTime { Batch = 1, Us = us }, new PlannedTime { Batch = 16, Us = us }],
            TypicalShare = 1,
        };
    }

    [Fact]
    public void Submit_BacklogTakesLongerThanPlanned_QueriesThatCannotBeInTimeEndAsLate()
    {
        // By the plan a run takes a nanosecond, so that everything is let in; three hundred runs do not end in a tenth of a millisecond.
        var card = TinyModel.Card();
        var pool = TinyModel.Pool(card, 64);
        using var tables = TinyModel.Tables(Seed);
        var settings = Settings(instances: 1, split: 64, maxBatch: 64, queueLimit: 1000) with
        {
            Paths = [new ScheduledPath { Id = "hasty", Device = "cpu", Instances = 1, MaxBatch = 64, Quality = 1, Planned = [new PlannedTime { Batch = 64, Us = 0.001 }], TypicalShare = 1 }],
        };
        using var server = new InProcessServer(settings, [[TinyModel.Instance(card, tables, TablePrecision.Fp32, 1, 64, Seed)]], TimeProvider.System);
        var (patient, hurried) = (new Ends(), new Ends());
        for (var i = 0; i < 300; i++)
        {
            Assert.Equal(Admission.Accepted, server.Submit(pool, 0, 64, patient, i));
        }

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(Admission.Accepted, server.Submit(pool, 0, 64, hurried, i, new QueryTerms { LimitUs = 100 }));
        }

        Assert.True(server.Drain(TimeSpan.FromSeconds(30)));
        Assert.Equal(new Dictionary<QueryEnd, int> { [QueryEnd.Answered] = 300 }, patient.Counts);
        Assert.Equal(new Dictionary<QueryEnd, int> { [QueryEnd.Late] = 20 }, hurried.Counts);
    }

    [Fact]
    public void Constructor_InstancesThatAreNotScheduled_SaysWhichAre()
    {
        var card = TinyModel.Card();
        using var tables = TinyModel.Tables(Seed);
        using var instance = TinyModel.Instance(card, tables, TablePrecision.Fp32, 1, 16, Seed);
        var error = Assert.Throws<ArgumentException>(() => new InProcessServer(Settings(2, 16, 16, 10), [[instance]], TimeProvider.System));
        Assert.Contains("2 instances are scheduled, 1 are loaded", error.Message, StringComparison.Ordinal);
    }

    internal static InProcessServer Server(ModelCard card, TableStore tables, int instances, int split, int maxBatch, int queueLimit, int spinMs = 0, TimeProvider? clock = null)
    {
        var loaded = Enumerable.Range(0, instances).Select(_ => TinyModel.Instance(card, tables, TablePrecision.Fp32, 1, maxBatch, Seed)).ToArray();
        return new InProcessServer(Settings(instances, split, maxBatch, queueLimit), [loaded], clock ?? TimeProvider.System, spin: TimeSpan.FromMilliseconds(spinMs));
    }

    private static SchedulerSettings Settings(int instances, int split, int maxBatch, int queueLimit) => new()
    {
        Policy = SchedulingPolicies.Static,
        Instances = instances,
        SplitSamples = split,
        MaxBatch = maxBatch,
        BatchWindowUs = 0,
        QueueLimit = queueLimit,
    };

    private sealed class Ends : IQueryObserver
    {
        public ConcurrentDictionary<QueryEnd, int> Counts { get; } = new();

        public void Ended(long tag, ReadOnlySpan<float> scores, QueryEnd end) => Counts.AddOrUpdate(end, 1, (_, count) => count + 1);
    }

    private sealed class Collector(int expected) : IQueryObserver, IDisposable
    {
        private readonly ManualResetEventSlim done = new();

        public ConcurrentDictionary<long, float[]> Answers { get; } = new();

        public void Ended(long tag, ReadOnlySpan<float> scores, QueryEnd end)
        {
            Assert.Equal(QueryEnd.Answered, end);
            Assert.True(Answers.TryAdd(tag, scores.ToArray()), $"query {tag} was answered twice");
            if (Answers.Count >= expected)
            {
                done.Set();
            }
        }

        public void Wait() => Assert.True(done.Wait(TimeSpan.FromSeconds(60)), $"{Answers.Count} of {expected} answers");

        public void Dispose() => done.Dispose();
    }
}
