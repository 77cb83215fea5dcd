using System.Globalization;
using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Numerics;
using Rectune.Core.Planning;
using Rectune.Core.Search;
using Rectune.Core.Workloads;

namespace Rectune.Benchmarks.Prediction;

/// <summary>Searches over a recorded profile, side by side: how much of the best path's rate and of the exact frontier each has found after so much of the measuring.</summary>
internal static class SearchComparison
{
    /// <summary>Shares of the recording's cells.</summary>
    private static readonly double[] Shares = [0.05, 0.1, 0.15, 0.2, 0.3, 0.5];

    public static int Run(Options options)
    {
        var folder = options.Text("--profile", "profiles/cloud-epyc-2c");
        var seeds = options.Whole("--seeds", 20);
        var report = new Report(options, "Searches over recorded measurements");
        report.Text.Append(CultureInfo.InvariantCulture, $"- recorded: {folder}; value: highest rate at the card's own target in simulation; {seeds} seeds\n");
        report.Text.Append("- rate: of the best path found, over that of the best there is; frontier: area below the found steps of rate over memory, over the exact one's; median (worst) over the seeds\n\n");
        foreach (var name in options.Text("--models", "dlrm").Split(','))
        {
            Compare(RecordedModel.Read(folder, name), seeds, report);
        }

        report.Write("search.md");
        return 0;
    }

    private static void Compare(RecordedModel recorded, int seeds, Report report)
    {
        var evaluator = Evaluator(recorded);
        var curves = recorded.Paths.Select(path => ServiceCurveFit.From(path.Rows)).ToArray();
        var values = new double[curves.Length];
        Parallel.For(0, curves.Length, i => values[i] = evaluator.Screen(recorded.Paths[i].Configuration, curves[i]));
        SearchCandidate[] candidates =
        [
            .. recorded.Paths.Select(path => new SearchCandidate(
                [.. path.Points.Select(point => point.Point)], PathMemory.Bytes(recorded.Card, path.Configuration, path.Points[^1].Point.Batch), Quality: 0, Seconds: path.Points.Count)),
        ];
        var searches = new (string Name, Func<ulong, SearchState, IProposer> Make)[]
        {
            ("improvement", (_, state) => new ImprovementProposer((i, medians) => evaluator.Screen(recorded.Paths[i].Configuration, Predicted(i, medians, state)))),
            ("random", (seed, _) => new RandomProposer(seed)),
            ("grid", (_, _) => new GridProposer()),
        };
        report.Text.Append(CultureInfo.InvariantCulture, $"{recorded.Card.Name}: {candidates.Length} configurations, {candidates.Sum(candidate => candidate.Points.Count)} measurements\n\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"| search | {string.Join(" | ", Shares.Select(share => string.Create(CultureInfo.InvariantCulture, $"rate at {share:P0} | frontier")))} |\n|---|{string.Concat(Shares.Select(_ => "---|---|"))}\n");
        foreach (var (search, make) in searches)
        {
            var found = Enumerable.Range(0, search == "random" ? seeds : 1).Select(seed => Traced((ulong)seed, make)).ToArray();
            report.Text.Append(CultureInfo.InvariantCulture, $"| {search} | {string.Join(" | ", Enumerable.Range(0, Shares.Length).Select(i => $"{Spread(found.Select(f => f[i].Rate))} | {Spread(found.Select(f => f[i].Frontier))}"))} |\n");
        }

        report.Text.Append('\n');

        (double Rate, double Frontier)[] Traced(ulong seed, Func<ulong, SearchState, IProposer> make)
        {
            var state = new SearchState(candidates);
            var proposer = make(seed, state);
            var spent = 0.0;
            var traced = new (double, double)[Shares.Length];
            var total = candidates.Sum(candidate => candidate.Seconds);
            for (var share = 0; share < Shares.Length;)
            {
                var next = proposer.Propose(state, 1);
                foreach (var i in next.Count > 0 ? next : [-1])
                {
                    var cost = i < 0 ? double.PositiveInfinity : candidates[i].Seconds;
                    while (share < Shares.Length && spent + cost > Shares[share] * total)
                    {
                        traced[share++] = (state.Best / values.Max(), Area(i => state.ValueOf(i) ?? 0) / Area(i => values[i]));
                    }

                    if (i < 0 || share == Shares.Length)
                    {
                        break;
                    }

                    spent += cost;
                    state.Learn(i, recorded.Paths[i].Points, values[i]);
                }
            }

            return traced;
        }

        double Area(Func<int, double> valueOf)
        {
            // Steps of the best value at ever more memory, up to the most that any candidate takes.
            var (area, best, at) = (0.0, 0.0, 0L);
            foreach (var i in Enumerable.Range(0, candidates.Length).OrderBy(i => candidates[i].MemoryBytes))
            {
                area += best * (candidates[i].MemoryBytes - at);
                (best, at) = (Math.Max(best, valueOf(i)), candidates[i].MemoryBytes);
            }

            return area + best;
        }

        ServiceCurve Predicted(int candidate, IReadOnlyList<double> medians, SearchState state)
        {
            var wanted = recorded.Paths[candidate].Configuration;
            var like = Enumerable.Range(0, curves.Length).Where(i => state.ValueOf(i) is not null)
                .OrderBy(i => recorded.Paths[i].Configuration.Cores() == wanted.Cores() ? 0 : 1)
                .ThenBy(i => recorded.Paths[i].Configuration.Threads == wanted.Threads ? 0 : 1)
                .Select(i => curves[i]).First();
            return like with
            {
                Points = [.. candidates[candidate].Points.Select((point, i) => like.Points[0] with { Batch = point.Batch, MedianUs = medians[i] })],
                Source = Provenance.Extrapolated,
            };
        }
    }

    private static string Spread(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return string.Create(CultureInfo.InvariantCulture, $"{Percentiles.Interpolated(sorted, 0.5):P1} ({sorted[0]:P1})");
    }

    private static PathEvaluator Evaluator(RecordedModel recorded)
    {
        var sizes = new DeepRecSysProductionSizes();
        var request = new PlanRequest
        {
            Model = new PlanModel { Name = recorded.Card.Name, Card = recorded.Card, Sha256 = CardFormat.Sha256(recorded.Card), Weights = "recorded" },
            Machine = recorded.Machine,
            Sla = new Sla { Percentile = recorded.Card.Sla.Percentile, LimitMs = recorded.Card.Sla.LimitMs },
            Workload = new Workload { Arrivals = "poisson", Sizes = sizes.Name, Skew = SkewText.Of(0, Provenance.Assumed) },
            MemoryLimitBytes = long.MaxValue,
            MemoryLimitBy = "none",
            BudgetSeconds = 60,
            Seed = 1,
            Version = "recorded",
            Sizes = sizes,
        };
        return new PathEvaluator(request, SearchSpace.ForCpu(recorded.Machine.Cpu.Cores));
    }
}
