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
    [InlineData("improvement")]
    public void Propose_UntilNothingIsLeft_NamesEveryPointAtMostOnce(string name)
    {
        var world = new World(1);
        var seen = world.Search(Make(name, world), batch: 5, most: int.MaxValue);
        Assert.Equal(seen.Distinct(), seen);
        if (name != "improvement")
        {
            Assert.Equal(3 * world.Count, seen.Count);
        }
    }

    [Fact]
    public void Improvement_First_ShowsEveryValueOfEveryKnob()
    {
        var world = new World(2);
        var first = world.Improvement().Propose(new SearchState(world.Candidates), 1);
        var levels = first.Select(proposal => world.Candidates[proposal.Candidate].Points[0].Levels).ToArray();

        // Four values of the largest knobs: four candidates can show all. The first shows how time runs over batches, the others one batch.
        Assert.Equal(4, first.Count);
        Assert.Equal([3, 1, 1, 1], first.Select(proposal => proposal.Points.Count));
        Assert.Equal(Rows, levels.Select(l => l[0]).Distinct().Order());
        Assert.Equal(Layers, levels.Select(l => l[1]).Distinct().Order());
        Assert.Equal(Cores, levels.Select(l => l[2]).Distinct().Order());
    }

    [Fact]
    public void Improvement_AQuarterOfThePoints_ComesCloserToTheBestThanChance()
    {
        var (ours, random) = (0.0, 0.0);
        for (var seed = 0UL; seed < 20; seed++)
        {
            var world = new World(seed);
            world.Search(world.Improvement(), batch: 1, most: 24);
            ours += world.Found / 20;
            world.Search(new RandomProposer(seed), batch: 1, most: 24);
            random += world.Found / 20;
        }

        Assert.InRange(ours, 0.97, 1 + 1e-9);
        Assert.InRange(random, 0, ours - 0.03);
    }

    [Fact]
    public void Improvement_NothingLeftToGain_ProposesNothingThoughCandidatesAreLeft()
    {
        var world = new World(4);
        var seen = world.Search(new ImprovementProposer(world, 2, seed: 1, leastGain: 0.01), batch: 1, most: int.MaxValue);
        Assert.InRange(seen.Count, 6, (3 * world.Count) - 12);
        Assert.InRange(world.Found, 0.9, 1);
    }

    [Fact]
    public void Improvement_StartedCandidates_AreMeasuredAtWhatTheyLack()
    {
        var world = new World(5);
        var seen = world.Search(world.Improvement(), batch: 1, most: int.MaxValue);
        var counts = seen.GroupBy(point => point.Candidate).Select(points => points.Count()).Distinct().Order();
        Assert.Equal([1, 3], counts);
    }

    [Fact]
    public void Improvement_SlowCandidatesOfNoPromise_AreLeftForLast()
    {
        // A quarter of the candidates takes ten thousand times as long: no more of them are touched than it takes to see it, the first of all perhaps among them.
        var world = new World(6, slowest: "d");
        var seen = world.Search(world.Improvement(), batch: 1, most: 40);
        Assert.InRange(seen.Select(point => point.Candidate).Distinct().Count(i => world.Candidates[i].Points[0].Levels[0] == "d"), 1, 2);
    }

    [Fact]
    public void Improvement_SameSeed_ProposesTheSame() => Assert.Equal(Twenty(1), Twenty(1));

    [Fact]
    public void Random_Seeds_DifferAndRepeat()
    {
        var world = new World(1);
        Assert.Equal(world.Search(new RandomProposer(1), 4, 12), world.Search(new RandomProposer(1), 4, 12));
        Assert.NotEqual(world.Search(new RandomProposer(1), 4, 12), world.Search(new RandomProposer(2), 4, 12));
    }

    private static List<(int, int)> Twenty(ulong seed)
    {
        var world = new World(7);
        return world.Search(new ImprovementProposer(world, 2, seed), 2, 20);
    }

    private static IProposer Make(string name, World world) => name switch
    {
        "random" => new RandomProposer(3),
        "grid" => new GridProposer(),
        _ => world.Improvement(),
    };

    /// <summary>Thirty-two candidates whose medians are a roofline times effects of their knobs; the value is the rate at the largest batch.</summary>
    private sealed class World : ICandidateValues
    {
        private readonly double[][] mediansUs;
        private double found;

        public World(ulong seed, string? slowest = null)
        {
            var random = new SplitMix64(seed);
            var effects = Rows.Concat(Layers).Concat(Cores).ToDictionary(level => level, level => level == slowest ? Math.Log(10_000) : 0.3 * random.NextNormal());
            var candidates = new List<SearchCandidate>();
            var medians = new List<double[]>();
            foreach (var row in Rows)
            {
                foreach (var layer in Layers)
                {
                    foreach (var core in Cores)
                    {
                        PathPoint[] points = [.. new[] { 1, 32, 1024 }.Select(batch => new PathPoint([10, batch], [row, layer, core], batch))];
                        candidates.Add(new SearchCandidate(points, 100 - (10 * Array.IndexOf(Rows, row))));
                        medians.Add([.. points.Select(point => (10 + point.Batch) * Math.Exp(effects[row] + effects[layer] + effects[core] + (0.01 * random.NextNormal())))]);
                    }
                }
            }

            Candidates = candidates;
            mediansUs = [.. medians];
        }

        public IReadOnlyList<SearchCandidate> Candidates { get; }

        public int Count => Candidates.Count;

        /// <summary>The best value that the last search found, over the best there is.</summary>
        public double Found => found / Enumerable.Range(0, Count).Max(i => Of(i, mediansUs[i]));

        public double Of(int candidate, IReadOnlyList<double> mediansUs) => 1e6 * Candidates[candidate].Points[^1].Batch / mediansUs[^1];

        public double Bound(int candidate, IReadOnlyList<double> mediansUs) => 1.5 * Of(candidate, mediansUs);

        public ImprovementProposer Improvement() => new(this, firstPoint: 2, seed: 1);

        /// <summary>The points in the order in which they were measured.</summary>
        public List<(int Candidate, int Point)> Search(IProposer proposer, int batch, int most)
        {
            var state = new SearchState(Candidates);
            List<(int, int)> seen = [];
            while (seen.Count < most && proposer.Propose(state, batch) is { Count: > 0 } next)
            {
                foreach (var proposal in next)
                {
                    foreach (var point in proposal.Points)
                    {
                        seen.Add((proposal.Candidate, point));
                        state.Learn(proposal.Candidate, point, new MeasuredPoint(Candidates[proposal.Candidate].Points[point], mediansUs[proposal.Candidate][point], 0.04));
                    }

                    if (state.Missing(proposal.Candidate).Count == 0)
                    {
                        state.Conclude(proposal.Candidate, Of(proposal.Candidate, mediansUs[proposal.Candidate]));
                    }
                }
            }

            found = state.Best;
            return seen;
        }
    }
}
