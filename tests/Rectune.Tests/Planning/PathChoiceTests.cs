using Rectune.Core.Domain;
using Rectune.Core.Planning;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Planning;

public sealed class PathChoiceTests
{
    private static readonly Quality Accuracy = new() { Metric = "accuracy", Value = 0.75, Source = Provenance.Published, Where = "tests" };

    [Fact]
    public void Ranked_RatesApart_FastestFirst() =>
        Assert.Equal([3, 2, 1], Order(Request(), Path(1, 100), Path(2, 104), Path(3, 108)));

    [Fact]
    public void Ranked_RatesWithinNoise_LeastScoreChangeThenLeastMemory() =>
        Assert.Equal([2, 3, 1, 4], Order(
            Request(), Path(1, 100, change: 0.001), Path(2, 99, memory: 50), Path(3, 100, memory: 70), Path(4, 98.5, change: 0.002, memory: 1)));

    [Fact]
    public void Ranked_NotCompared_CountsAsTheLargestChange() =>
        Assert.Equal([1, 2], Order(Request(), Path(1, 100, change: 0.009), Path(2, 101) with { MaxScoreChange = null }));

    [Fact]
    public void Ranked_ALossyPathSetsNoPace()
    {
        // 200 is not eligible: 100 and 99 are the best, and within noise.
        Assert.Equal([3, 2], Order(Request(), Path(1, 200, change: 0.5), Path(2, 100, change: 0.001), Path(3, 99)));
    }

    [Fact]
    public void Ranked_ScoreChange_MayBeAtTheBoundAndBeyondItOnRequest()
    {
        var atBound = Path(1, 100, change: Planner.LossyScoreChange);
        var beyond = Path(2, 300, change: 0.011);
        Assert.Equal([1], Order(Request(), atBound, beyond));
        Assert.Equal([2, 1], Order(Request() with { Lossy = true }, atBound, beyond));
    }

    /// <summary>Of other paths nothing says that they change scores; of centroids it is known.</summary>
    [Fact]
    public void Ranked_CentroidsNotCompared_AreLetInOnlyOnRequest()
    {
        PathEvaluation[] paths = [Path(1, 100), Centroids(Path(2, 300)) with { MaxScoreChange = null }, Centroids(Path(3, 50, change: 0.009))];
        Assert.Equal([1, 3], Order(Request(), paths));
        Assert.Equal([2, 1, 3], Order(Request() with { Lossy = true }, paths));
        Assert.Equal("how much its centroids change scores was not measured; --lossy lets it in", new PathChoice(Request(), paths).Entry(paths[1], paths[0]).Why);

        static PathEvaluation Centroids(PathEvaluation path) => path with { Configuration = path.Configuration with { Centroids = 64 } };
    }

    [Fact]
    public void Ranked_FixedLoad_FewestCoresThenLeastMemoryThatHoldIt() =>
        Assert.Equal([4, 3, 2], Order(
            Request() with { Qps = 90 }, Path(1, 89, cores: 1, memory: 1), Path(2, 500, cores: 2, memory: 5), Path(3, 91, cores: 1, memory: 9), Path(4, 90, cores: 1, memory: 8)));

    [Fact]
    public void Ranked_CostObjective_OrdersLikeAFixedLoad() =>
        Assert.Equal([1, 3, 2], Order(Request() with { Objective = "cost" }, Path(1, 10, cores: 1), Path(2, 500, cores: 2, memory: 5), Path(3, 400, cores: 2, memory: 4)));

    [Fact]
    public void Ranked_MemoryObjective_LeastMemoryFirst() =>
        Assert.Equal([2, 1], Order(Request() with { Objective = "memory" }, Path(1, 900, memory: 9), Path(2, 1, memory: 8)));

    [Fact]
    public void Ranked_Infeasible_IsNeverIn() => Assert.Equal([2], Order(Request(), Path(1, 0), Path(2, 1)));

    [Fact]
    public void Ranked_OrderOfEvaluations_IsIrrelevant()
    {
        PathEvaluation[] paths = [Path(1, 100), Path(2, 100), Path(3, 97.5, memory: 1), Path(4, 101, change: 0.001), Path(5, 60), Path(6, 61.5)];
        var expected = Order(Request(), paths);
        for (var shift = 1; shift < paths.Length; shift++)
        {
            Assert.Equal(expected, Order(Request(), [.. paths[shift..], .. paths[..shift]]));
        }
    }

    [Fact]
    public void Objective_Unasked_IsCorrectOnlyWhereEveryQualityIsKnown()
    {
        var unknown = new Quality { Metric = "accuracy", Source = Provenance.Unknown, Where = "nobody" };
        Assert.Equal("correct", new PathChoice(Request(), [Path(1, 10), Path(2, 10)]).Objective);
        Assert.Equal("goodput", new PathChoice(Request(), [Path(1, 10), Path(2, 10) with { Quality = unknown }]).Objective);
        Assert.Equal("memory", new PathChoice(Request() with { Objective = "memory" }, [Path(1, 10)]).Objective);
    }

    [Fact]
    public void Ranked_CorrectObjective_WeighsTheRateByAccuracy()
    {
        // 100 · 0.75 = 75 against 90 · 0.9 = 81.
        Assert.Equal([2, 1], Order(Request(), Path(1, 100), Path(2, 90) with { Quality = Accuracy with { Value = 0.9 } }));
        Assert.Equal([1, 2], Order(Request() with { Objective = "goodput" }, Path(1, 100), Path(2, 90) with { Quality = Accuracy with { Value = 0.9 } }));
    }

    [Fact]
    public void Frontier_Paths_HoldsTheUnbeatenChosenFirstWithReasons()
    {
        PathEvaluation[] paths =
        [
            Path(1, 100, memory: 300 << 20),
            Path(2, 120, memory: 400 << 20, change: 0.02),
            Path(3, 80, memory: 100 << 20),
            Path(4, 70, memory: 200 << 20),
            Path(5, 0, memory: 1),
        ];
        var choice = new PathChoice(Request(), paths);
        var frontier = choice.Frontier(paths[0]);
        Assert.Equal([1, 2, 3], frontier.Select(Number));
        Assert.Equal([true, false, false], frontier.Select(e => e.Chosen));
        Assert.Equal("chosen: the highest promised rate", frontier[0].Why);
        Assert.Equal("changes scores by up to 0.02, more than 0.01; --lossy lets it in", frontier[1].Why);
        Assert.Equal("20 % slower, 200MiB less memory", frontier[2].Why);
        Assert.Equal("30 % slower, 100MiB less memory", choice.Entry(paths[3], paths[0]).Why);
        Assert.Equal("cannot meet the target at any rate: p99=20ms needs 33 ms here even without load", choice.Entry(paths[4], paths[0]).Why);
    }

    [Fact]
    public void Entry_AsFastWithinNoise_SaysSoAndNamesCores()
    {
        var choice = new PathChoice(Request(), [Path(1, 100, cores: 2), Path(2, 99, cores: 1, change: 0.004)]);
        Assert.Equal(
            "chosen: no path promises more than 3 % above it; of those as fast, it answers best, changes scores least, then takes the least memory",
            choice.Entry(choice.Ranked[0], choice.Ranked[0]).Why);
        Assert.Equal("as fast within noise, same memory, 1 instead of 2 cores, changes scores by up to 0.004", choice.Entry(choice.Evaluations[1], choice.Ranked[0]).Why);
    }

    [Fact]
    public void Entry_RatesInTheTensOfThousands_AreWrittenOutWithoutExponent()
    {
        var choice = new PathChoice(Request() with { Qps = 25_000 }, [Path(1, 12_346.7), Path(2, 30_000)]);
        Assert.Equal("promises 12350 queries/s, 25000 are asked for", choice.Entry(choice.Evaluations[0], choice.Ranked[0]).Why);
        Assert.EndsWith("of the paths that hold 25000 queries/s", choice.Entry(choice.Ranked[0], choice.Ranked[0]).Why);
    }

    private static int[] Order(PlanRequest request, params PathEvaluation[] paths) => [.. new PathChoice(request, paths).Ranked.Select(e => (int)e.Configuration.CacheBytes)];

    private static int Number(FrontierEntry entry) => (int)entry.Configuration.CacheBytes;

    private static PlanRequest Request() => PlanScript.Request();

    /// <summary>An evaluation known by its number, which makes its identity too.</summary>
    private static PathEvaluation Path(int number, double qps, double change = 0, long memory = 100, int cores = 1) => new()
    {
        Configuration = SampleRecords.Configuration() with { Instances = 1, Threads = cores, CacheBytes = number },
        Scheduler = new SchedulerSettings { Policy = "static", Instances = 1, SplitSamples = 64, MaxBatch = 64, BatchWindowUs = 0, QueueLimit = 64 },
        Service = Curves.Through([(1, 10)]),
        ScreenedQps = qps,
        PromiseQps = Estimate.Exact(qps, Provenance.Interpolated),
        UnloadedPercentileMs = qps > 0 ? 3 : 33,
        MemoryBytes = memory,
        Quality = Accuracy,
        MaxScoreChange = change,
    };
}
