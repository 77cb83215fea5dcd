using System.Collections.Concurrent;
using Rectune.Core.Domain;
using Rectune.Engine.Serving;
using Rectune.Engine.Sessions;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving;

/// <summary>Two models that differ in their weights stand for a fast path and a good one: whose scores come back tells the path.</summary>
public sealed class QueryQualityTests
{
    private const ulong Fast = 11;
    private const ulong Good = 12;
    private const int Queries = 200;

    [Fact]
    public void Submit_FloorsOfQuality_AreMetByThePathOfEveryAnswer()
    {
        var card = TinyModel.Card();
        var pool = TinyModel.Pool(card, 100);
        using var fast = TinyModel.Tables(Fast);
        using var good = TinyModel.Tables(Good);
        using var target = new SwitchingTarget(Server(card, fast, good));
        using var answers = new Answers(Queries);
        for (var query = 0; query < Queries; query++)
        {
            Assert.Equal(Admission.Accepted, target.Submit(pool, query % 60, 1 + (query % 40), answers, query, new QueryTerms { QualityMin = Asked(query) }));
        }

        Assert.Equal(Admission.NoSuchQuality, target.Submit(pool, 0, 1, answers, tag: -1, new QueryTerms { QualityMin = 0.81 }));
        Assert.Equal(Admission.TooLate, target.Submit(pool, 0, 1, answers, tag: -2, new QueryTerms { QualityMin = 0.8, LimitUs = 500 }));
        answers.Wait();
        var fastOnes = 0;
        foreach (var (query, scores) in answers.Scores)
        {
            var isGood = scores.Select((score, i) => Math.Abs(score - TinyModel.SlowScores(card, pool, ((int)query % 60) + i, Good)[0]) < 1e-5).ToArray();
            var isFast = scores.Select((score, i) => Math.Abs(score - TinyModel.SlowScores(card, pool, ((int)query % 60) + i, Fast)[0]) < 1e-5);
            Assert.All(isGood.Zip(isFast), sample => Assert.True(sample.First || sample.Second, "neither model gave this score"));
            Assert.True(Asked(query) is not > 0.7 || isGood.All(given => given), $"query {query} asked for {Asked(query)}");
            fastOnes += isGood.Any(given => given) ? 0 : 1;
        }

        // And those that ask for nothing are not all answered as if they did.
        Assert.True(fastOnes > 0);
        Assert.Equal(Enumerable.Range(0, Queries).Sum(query => 1 + (query % 40)), target.UseOfPaths().Sum(use => use.Samples));
    }

    private static double? Asked(long query) => (query % 4) switch { 0 => 0.8, 1 => 0.75, 2 => 0.7, _ => null };

    private static InProcessServer Server(ModelCard card, Engine.Data.TableStore fast, Engine.Data.TableStore good)
    {
        var settings = new SchedulerSettings
        {
            Policy = SchedulingPolicies.Fastest,
            Instances = 1,
            SplitSamples = 16,
            MaxBatch = 16,
            BatchWindowUs = 0,
            QueueLimit = Queries + 2,
            Paths = [Path("fast", 0.7, us: 10), Path("good", 0.8, us: 1_000)],
        };
        PathInstance[][] loaded = [[TinyModel.Instance(card, fast, TablePrecision.Fp32, 1, 16, Fast)], [TinyModel.Instance(card, good, TablePrecision.Fp32, 1, 16, Good)]];
        return new InProcessServer(settings, loaded, TimeProvider.System);
    }

    private static ScheduledPath Path(string id, double quality, double us) => new()
    {
        Id = id,
        Device = "cpu",
        Instances = 1,
        MaxBatch = 16,
        Quality = quality,
        Planned = [new PlannedTime { Batch = 1, Us = us }, new PlannedTime { Batch = 16, Us = us }],
        TypicalShare = 1,
    };

    private sealed class Answers(int expected) : IQueryObserver, IDisposable
    {
        private readonly ManualResetEventSlim done = new();

        public ConcurrentDictionary<long, float[]> Scores { get; } = new();

        public void Ended(long tag, ReadOnlySpan<float> scores, QueryEnd end)
        {
            Assert.Equal(QueryEnd.Answered, end);
            Assert.True(Scores.TryAdd(tag, scores.ToArray()));
            if (Scores.Count == expected)
            {
                done.Set();
            }
        }

        public void Wait() => Assert.True(done.Wait(TimeSpan.FromSeconds(60)), $"{Scores.Count} of {expected} answers");

        public void Dispose() => done.Dispose();
    }
}
