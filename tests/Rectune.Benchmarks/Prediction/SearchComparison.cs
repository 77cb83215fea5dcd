using System.Globalization;
using Rectune.Core.Numerics;
using Rectune.Core.Search;

namespace Rectune.Benchmarks.Prediction;

/// <summary>Searches over a recorded space, side by side: what each has found after how much of the measuring, judged by a second recording.</summary>
internal static class SearchComparison
{
    /// <summary>Shares of the seconds that measuring everything takes.</summary>
    private static readonly double[] Shares = [0.02, 0.05, 0.1, 0.2];

    /// <summary>Share of the seconds of measuring after which Optuna is stopped: its own computing takes minutes for every seed.</summary>
    private const double OptunaShare = 0.5;

    public static int Run(Options options)
    {
        var folder = options.Text("--profile", "profiles/cloud-epyc-2c");
        var second = options.Text("--second", folder);
        var seeds = options.Whole("--seeds", 20);
        var report = new Report(options, "Searches over recorded measurements");
        report.Text.Append(CultureInfo.InvariantCulture, $"- recorded: {Path.GetFileName(folder)}; judged by {(second == folder ? "the same recording" : "a second one, made later")}; {seeds} seeds; median (worst)\n");
        report.Text.Append("- value of a path: its highest rate at the model's own target in a short simulation; only paths measured at every batch count as found\n");
        report.Text.Append("- rate: of the path that looks best among those found, over the best there is; frontier: area below the steps of rate over memory of the paths found, over the exact one's\n");
        report.Text.Append("- how service times spread is learned from the whole recording, for all searches and at every share alike\n");
        report.Text.Append(options.Has("--optuna") ? string.Create(CultureInfo.InvariantCulture, $"- Optuna is stopped after {OptunaShare:P0} of the seconds: not reached, for it, means by then\n") : "");
        report.Text.Append("- seconds: what measuring takes, by the medians; generating and loading rows is apart\n\n");
        foreach (var name in options.Text("--models", "dlrm").Split(','))
        {
            Compare(new RecordedSpace(RecordedModel.Read(folder, name), RecordedModel.Read(second, name)), seeds, options.Has("--optuna"), report);
        }

        report.Write("search.md");
        return 0;
    }

    private static void Compare(RecordedSpace space, int seeds, bool withOptuna, Report report)
    {
        var all = space.Judge([.. Enumerable.Range(0, space.Paths.Count)]);
        report.Text.Append(CultureInfo.InvariantCulture, $"## {space.Searched.Card.Name}\n\n{space.Paths.Count} paths, {space.Space.Batches.Count} batches each, {space.TotalSeconds:F0} s of measuring. The floor: everything measured finds {all.Rate:P1} of the rate and {all.Frontier:P1} of the frontier that the judging recording knows.\n\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"| search | {string.Join(" | ", Shares.Select(share => string.Create(CultureInfo.InvariantCulture, $"rate at {share:P0} | frontier at {share:P0}")))} | share of the seconds until 99 % of both |\n|---|{string.Concat(Shares.Select(_ => "---|---|"))}---|\n");
        var most = 1.01 * Shares[^1] * space.TotalSeconds;
        var traces = new SearchTrace[seeds];
        Parallel.For(0, seeds, seed => traces[seed] = SearchTrace.OfPlanner(space, (ulong)seed, most));
        Add("rectune", traces);
        Add("random", [.. Enumerable.Range(0, seeds).Select(seed => SearchTrace.Of(space, Proposed(new RandomProposer((ulong)seed), space)))]);
        Add("grid", [SearchTrace.Of(space, Proposed(new GridProposer(), space))]);
        if (withOptuna)
        {
            foreach (var (sampler, shown) in new[] { ("tpe", "TPE"), ("nsga2", "NSGA-II") })
            {
                var version = "";
                Parallel.ForEach(Enumerable.Range(0, seeds).Chunk(Math.Max(1, (seeds + Environment.ProcessorCount - 1) / Environment.ProcessorCount)), chunk =>
                {
                    using var optuna = new OptunaSearch(space);
                    version = optuna.Version;
                    foreach (var seed in chunk)
                    {
                        traces[seed] = optuna.Run(sampler, (ulong)seed, OptunaShare * space.TotalSeconds);
                    }
                });
                Add($"Optuna {version} {shown}", traces);
            }
        }

        report.Text.Append('\n');

        void Add(string name, IReadOnlyList<SearchTrace> runs)
        {
            var cells = Shares.Select(share =>
            {
                var judged = runs.Select(run => run.At(space, share * space.TotalSeconds)).ToArray();
                return $"{Spread(judged.Select(found => found.Rate))} | {Spread(judged.Select(found => found.Frontier))}";
            });
            double[] reached = [.. runs.Select(run => run.SecondsTo(space, 0.99) / space.TotalSeconds).Order()];
            var median = Percentiles.NearestRank(reached, 0.5);
            report.Text.Append(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", cells)} | {Reached(median)} ({Reached(reached[^1])}) |\n");
            Console.Error.WriteLine($"{space.Searched.Card.Name}: {name} done");
        }

        static string Reached(double share) => double.IsFinite(share) ? string.Create(CultureInfo.InvariantCulture, $"{share:P1}") : "not reached";
    }

    /// <summary>Everything, in the order that a proposer without a model of its own comes to it.</summary>
    private static IEnumerable<int> Proposed(IProposer proposer, RecordedSpace space)
    {
        var state = new SearchState([.. space.Paths.Select((path, i) => new SearchCandidate([.. path.Points.Select(point => point.Point)], space.MemoryBytes[i]))]);
        while (proposer.Propose(state, Math.Max(1, space.Paths.Count / 20)) is { Count: > 0 } next)
        {
            foreach (var proposal in next)
            {
                state.Conclude(proposal.Candidate, space.Values[proposal.Candidate]);
                yield return proposal.Candidate;
            }
        }
    }

    private static string Spread(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return string.Create(CultureInfo.InvariantCulture, $"{Percentiles.Interpolated(sorted, 0.5):P1} ({sorted[0]:P1})");
    }
}
