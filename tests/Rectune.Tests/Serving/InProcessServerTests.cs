using System.Collections.Concurrent;
using Rectune.Core.Domain;
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
    public void TrySubmit_EveryQuery_IsAnsweredOnceWithItsOwnScores(int instances, int split, int maxBatch, int denseFeatures, int outputs)
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
            Assert.True(server.TrySubmit(pool, range.Start, range.Count, observer, query));
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
    public void TrySubmit_QueueFull_RefusesAtOnce()
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
            _ = server.TrySubmit(pool, 0, 64, observer, i) ? accepted++ : refused++;
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
            Assert.True(server.TrySubmit(pool, 0, 30, observer, i));
        }

        Assert.True(server.Drain(TimeSpan.FromSeconds(30)));
        Assert.Equal(200, observer.Answers.Count);
        Assert.Equal(0, server.QueriesInside);
        Assert.False(server.TrySubmit(pool, 0, 1, observer, 999));
    }

    internal static InProcessServer Server(ModelCard card, TableStore tables, int instances, int split, int maxBatch, int queueLimit)
    {
        var loaded = Enumerable.Range(0, instances).Select(_ => TinyModel.Instance(card, tables, TablePrecision.Fp32, 1, maxBatch, Seed)).ToArray();
        var settings = new SchedulerSettings
        {
            Policy = "static",
            Instances = instances,
            SplitSamples = split,
            MaxBatch = maxBatch,
            BatchWindowUs = 0,
            QueueLimit = queueLimit,
        };
        return new InProcessServer(settings, loaded, TimeProvider.System);
    }

    private sealed class Collector(int expected) : IQueryObserver, IDisposable
    {
        private readonly ManualResetEventSlim done = new();

        public ConcurrentDictionary<long, float[]> Answers { get; } = new();

        public void Ended(long tag, ReadOnlySpan<float> scores, bool failed)
        {
            Assert.False(failed);
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
