using Rectune.Core.CostModels;
using Rectune.Core.Numerics;
using Rectune.Core.Search;
using Xunit;

namespace Rectune.Tests.Search;

public sealed class ProposerTests
{
    private static readonly string[] Rows = ["a", "b", "c", "d"];
    private static readonly string[] Layers = ["x", "y"];
    private static readonly string[] Cores = ["1", "2", "4", "8"];

    [Theory]
    [InlineData("random")]
    [InlineData("grid")]
    [InlineData("exhaustive")]
    [InlineData("improvement")]
    public void Propose_UntilNothingIsLeft_NamesEveryCandidateAtMostOnce(string name)
    {
        var world = new World(1);
        var seen = world.Search(Make(name, world), batch: 5, most: int.MaxValue);
        Assert.Equal(seen.Distinct(), seen);
        if (name != "improvement")
        {
            Assert.Equal(Enumerable.Range(0, world.Count), seen.Order());
        }
    }

    [Fact]
    public void Improvement_First_ShowsEveryValueOfEveryKnob()
    {
        var world = new World(2);
        var state = new SearchState(world.Candidates);
        var first = world.Improvement().Propose(state, 1).Select(i => world.Candidates[i].Points[0].Levels).ToArray();

        // Four values of the largest knobs: four candidates can show all.
        Assert.Equal(4, first.Length);
        Assert.Equal(Rows, first.Select(levels => levels[0]).Distinct().Order());
        Assert.Equal(Layers, first.Select(levels => levels[1]).Distinct().Order());
        Assert.Equal(Cores, first.Select(levels => levels[2]).Distinct().Order());
    }

    [Fact]
    public void Improvement_AQuarterOfTheCandidates_ComesCloserToTheBestThanChance()
    {
        var (ours, random) = (0.0, 0.0);
        for (var seed = 0UL; seed < 20; seed++)
        {
            var world = new World(seed);
            ours += world.BestOf(world.Search(world.Improvement(), batch: 1, most: 8)) / 20;
            random += world.BestOf(world.Search(new RandomProposer(seed), batch: 1, most: 8)) / 20;
        }

        Assert.InRange(ours, 0.94, 1);
        Assert.InRange(random, 0, ours - 0.03);
    }

    [Fact]
    public void Improvement_NothingLeftToGain_ProposesNothingThoughCandidatesAreLeft()
    {
        var world = new World(4);
        var seen = world.Search(new ImprovementProposer(world.ValueOf, leastGain: 0.01), batch: 1, most: int.MaxValue);
        Assert.InRange(seen.Count, 4, world.Count - 4);
        Assert.InRange(world.BestOf(seen), 0.9, 1);
    }

    [Fact]
    public void Improvement_SameState_ProposesTheSame() => Assert.Equal(Twenty(), Twenty());

    [Fact]
    public void Random_Seeds_DifferAndRepeat()
    {
        var world = new World(1);
        Assert.Equal(world.Search(new RandomProposer(1), 4, 12), world.Search(new RandomProposer(1), 4, 12));
        Assert.NotEqual(world.Search(new RandomProposer(1), 4, 12), world.Search(new RandomProposer(2), 4, 12));
    }

    [Fact]
    public void ToBeat_IsTheBestOfThoseThatTakeNoMoreAndAreOfNoLessQuality()
    {
        PathPoint[] point = [new PathPoint([1], ["only"], 1)];
        SearchCandidate[] candidates = [new(point, 10, 1, 1), new(point, 20, 1, 1), new(point, 30, 2, 1)];
        var state = new SearchState(candidates);
        Assert.Equal((0, 0), (state.ToBeat(candidates[2]), state.Best));
        state.Learn(0, [], 5);
        state.Learn(1, [], 4);
        Assert.Equal((5, 5, 0), (state.ToBeat(candidates[0]), state.ToBeat(candidates[1]), state.ToBeat(candidates[2])));
        state.Learn(2, [], 9);
        Assert.Equal((5, 9, 9), (state.ToBeat(candidates[1]), state.ToBeat(candidates[2]), state.Best));
        Assert.Empty(state.Unmeasured);
    }

    private static List<int> Twenty()
    {
        var world = new World(7);
        return world.Search(world.Improvement(), 2, 20);
    }

    private static IProposer Make(string name, World world) => name switch
    {
        "random" => new RandomProposer(3),
        "grid" => new GridProposer(),
        "exhaustive" => new ExhaustiveProposer(),
        _ => world.Improvement(),
    };

    /// <summary>Thirty-two candidates whose medians are a roofline times effects of their knobs; the value is the rate at the largest batch.</summary>
    private sealed class World
    {
        private readonly double[][] mediansUs;

        public World(ulong seed)
        {
            var random = new SplitMix64(seed);
            var effects = Rows.Concat(Layers).Concat(Cores).ToDictionary(level => level, _ => 0.3 * random.NextNormal());
            var candidates = new List<SearchCandidate>();
            var medians = new List<double[]>();
            foreach (var row in Rows)
            {
                foreach (var layer in Layers)
                {
                    foreach (var core in Cores)
                    {
                        PathPoint[] points = [.. new[] { 1, 32, 1024 }.Select(batch => new PathPoint([10, batch], [row, layer, core], batch))];
                        candidates.Add(new SearchCandidate(points, 100 - (10 * Array.IndexOf(Rows, row)), Quality: 0, Seconds: 1));
                        medians.Add([.. points.Select(point => (10 + point.Batch) * Math.Exp(effects[row] + effects[layer] + effects[core] + (0.01 * random.NextNormal())))]);
                    }
                }
            }

            Candidates = candidates;
            mediansUs = [.. medians];
        }

        public IReadOnlyList<SearchCandidate> Candidates { get; }

        public int Count => Candidates.Count;

        public double ValueOf(int candidate, IReadOnlyList<double> medians) => 1e6 * Candidates[candidate].Points[^1].Batch / medians[^1];

        public ImprovementProposer Improvement() => new(ValueOf);

        public double BestOf(IEnumerable<int> found) => found.Max(i => ValueOf(i, mediansUs[i])) / Enumerable.Range(0, Count).Max(i => ValueOf(i, mediansUs[i]));

        public List<int> Search(IProposer proposer, int batch, int most)
        {
            var state = new SearchState(Candidates);
            List<int> seen = [];
            while (seen.Count < most && proposer.Propose(state, Math.Min(batch, most - seen.Count)) is { Count: > 0 } next)
            {
                foreach (var i in next)
                {
                    seen.Add(i);
                    state.Learn(i, Candidates[i].Points.Select((point, at) => new MeasuredPoint(point, mediansUs[i][at], 0.04)), ValueOf(i, mediansUs[i]));
                }
            }

            return seen;
        }
    }
}
