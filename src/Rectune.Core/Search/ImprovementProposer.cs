using MathNet.Numerics.Distributions;
using Rectune.Core.CostModels;
using Rectune.Core.Numerics;

namespace Rectune.Core.Search;

/// <summary>
/// First a few candidates that show every value of every knob; then whatever is expected to raise the best value and to push the frontier of value and memory out furthest for a second
/// of measuring, by the cross-path model's prediction and its doubt (expected improvement: Jones, Schonlau and Welch, Journal of Global Optimization 13, 1998; of the hypervolume: Emmerich,
/// Giannakoglou and Naujoks, IEEE Transactions on Evolutionary Computation 10, 2006). A candidate is measured at one point first, and at the others when that leaves it worth them.
/// </summary>
/// <param name="values">What candidates would be worth.</param>
/// <param name="firstPoint">The point at which a candidate is measured first: where most of its work would be.</param>
/// <param name="seed">Of the choice between candidates that show as much.</param>
/// <param name="leastGain">Expected improvement over the best value below which nothing is worth a measurement any more.</param>
public sealed class ImprovementProposer(ICandidateValues values, int firstPoint, ulong seed, double leastGain = 1e-5) : IProposer
{
    private const ulong Purpose = 0x436F766572;

    /// <summary>Candidates, beside those asked for, whose values are simulated: the most promising by what their bounds alone say.</summary>
    private const int Simulated = 12;

    /// <summary>Standard deviation of the logarithm by which values differ from bounds times the most alike candidate's ratio of the two. Assumed.</summary>
    private const double BoundDeviation = 0.1;

    /// <summary>Times the least work that a candidate may take to be drawn among those that show as much.</summary>
    private const double CoverWork = 1.5;

    /// <summary>How many times its time at the machine's limits a run may take. Assumed.</summary>
    private const double TimesLimits = 2;

    /// <summary>Growth of the number of started candidates after which the family of models is chosen anew.</summary>
    private const double ChoiceGrowth = 1.25;

    private SplitMix64 random = SplitMix64.For(seed, Purpose);
    private string? family;
    private int chosenAt;

    public IReadOnlyList<Proposal> Propose(SearchState state, int count)
    {
        ArgumentNullException.ThrowIfNull(state);
        var cover = Cover(state);
        return cover.Count > 0 ? cover : Improve(state, count);
    }

    /// <summary>Candidates that together show every value of every knob that no measured one shows; the very first at all of its points, so that the run of times over batches shows too.</summary>
    private List<Proposal> Cover(SearchState state)
    {
        var shown = state.Measured.Select(m => m.Point).SelectMany(Shows).ToHashSet();
        var whole = shown.Count == 0;
        int[] open = [.. state.Open.Where(i => !state.IsStarted(i))];
        var work = open.ToDictionary(i => i, i => state.Candidates[i].Points[^1].Terms.Sum() / state.Candidates[i].Points[^1].Batch);
        List<Proposal> cover = [];
        while (true)
        {
            var news = open.ToDictionary(i => i, i => Shows(state.Candidates[i].Points[0]).Count(value => !shown.Contains(value)));
            var most = news.Values.DefaultIfEmpty(0).Max();
            if (most == 0)
            {
                return cover;
            }

            int[] best = [.. open.Where(i => news[i] == most)];
            var least = best.Min(i => work[i]);
            int[] drawn = [.. best.Where(i => work[i] <= CoverWork * least)];
            var chosen = drawn[(int)random.NextInt64(drawn.Length)];
            cover.Add(whole && cover.Count == 0 ? Proposal.Rest(state, chosen) : new Proposal(chosen, [CheapPoint(state.Candidates[chosen])], MeasuringCost.LeastSeconds));
            shown.UnionWith(Shows(state.Candidates[chosen].Points[0]));
        }

        static IEnumerable<(int, string)> Shows(PathPoint point) => point.Levels.Select((level, knob) => (knob, level));
    }

    /// <summary>The first point, or an earlier one where that would take long: as far as the machine's limits tell, before anything was measured.</summary>
    private int CheapPoint(SearchCandidate candidate)
    {
        for (var point = firstPoint; point > 0; point--)
        {
            if (MeasuringCost.Seconds(TimesLimits * candidate.Points[point].Terms.Sum()) <= MeasuringCost.LeastSeconds)
            {
                return point;
            }
        }

        return 0;
    }

    /// <summary>Whatever is expected to raise the best value, and the mean over all amounts of memory of the best value within them, by most in a second.</summary>
    private List<Proposal> Improve(SearchState state, int count)
    {
        var measured = state.Measured;
        if (measured.Count == 0)
        {
            // Whatever was tried failed.
            return [.. state.Open.Take(count).Select(i => Proposal.Rest(state, i))];
        }

        var model = Fit(state, measured);
        var ratios = Ratios(state);
        Prospect[] prospects = [.. state.Open.Select(i => new Prospect(state, i, model, firstPoint))];
        var guesses = prospects.ToDictionary(prospect => prospect.Candidate, Guess);

        // To begin a candidate pays where it may beat what the begun ones are believed to be worth; to finish one, where it may beat what is settled.
        double?[] settled = [.. Enumerable.Range(0, state.Candidates.Count).Select(state.ValueOf)];
        double?[] believed = [.. settled.Select((value, i) => value ?? (state.IsStarted(i) ? guesses[i] : null))];
        return
        [
            .. prospects
                .Select(prospect => (prospect, Gain: GainOf(prospect, guesses[prospect.Candidate], prospect.Deviation + BoundDeviation)))
                .Where(pair => pair.Gain > leastGain * state.Best)
                .OrderByDescending(pair => pair.Gain / pair.prospect.Seconds).ThenBy(pair => pair.prospect.Candidate)
                .Take(Simulated + count)
                .Select(pair => (pair.prospect, Gain: GainOf(pair.prospect, values.Of(pair.prospect.Candidate, pair.prospect.QuietUs), pair.prospect.Deviation)))
                .Where(pair => pair.Gain > leastGain * state.Best)
                .OrderByDescending(pair => pair.Gain / pair.prospect.Seconds).ThenBy(pair => pair.prospect.Candidate)
                .Take(count)
                .Select(pair => new Proposal(pair.prospect.Candidate, pair.prospect.Next, pair.prospect.Seconds)),
        ];

        double GainOf(Prospect prospect, double value, double deviation)
        {
            var known = state.IsStarted(prospect.Candidate) ? settled : believed;
            return Expected(value, deviation, known.Max() ?? 0)
                + state.Steps(state.Candidates[prospect.Candidate].MemoryBytes, known).Sum(step => step.Share * Expected(value, deviation, step.Value));
        }

        double Guess(Prospect prospect)
        {
            var levels = state.Candidates[prospect.Candidate].Points[0].Levels;
            var ratio = ratios.Count == 0 ? 1 : ratios.MaxBy(known => known.Levels.Zip(levels).Count(pair => pair.First == pair.Second)).Ratio;
            return ratio * values.Bound(prospect.Candidate, prospect.QuietUs);
        }
    }

    /// <summary>The family that predicts best, chosen anew whenever so much more is known that another may.</summary>
    private IPathModel Fit(SearchState state, IReadOnlyList<MeasuredPoint> measured)
    {
        var started = Enumerable.Range(0, state.Candidates.Count).Count(state.IsStarted);
        if (family is not null && started < ChoiceGrowth * chosenAt)
        {
            return PathModelChoice.Fit(family, measured);
        }

        var choice = PathModelChoice.Of(measured);
        (family, chosenAt) = (choice.Family, started);
        return choice.Model;
    }

    /// <summary>Of every candidate that is settled: its value over its bound.</summary>
    private List<(IReadOnlyList<string> Levels, double Ratio)> Ratios(SearchState state)
    {
        List<(IReadOnlyList<string>, double)> ratios = [];
        for (var i = 0; i < state.Candidates.Count; i++)
        {
            if (state.ValueOf(i) is > 0 and var value && state.Missing(i).Count == 0)
            {
                ratios.Add((state.Candidates[i].Points[0].Levels, value / values.Bound(i, [.. state.Of(i).Select(point => point!.QuietUs)])));
            }
        }

        return ratios;
    }

    /// <summary>E[max(0, X − best)] of a lognormal X with this median (the Black–Scholes integral).</summary>
    private static double Expected(double median, double deviation, double best)
    {
        if (median <= 0)
        {
            return 0;
        }

        if (best <= 0)
        {
            return median * Math.Exp(deviation * deviation / 2);
        }

        var d = Math.Log(median / best) / deviation;
        return (median * Math.Exp(deviation * deviation / 2) * Normal.CDF(0, 1, d + deviation)) - (best * Normal.CDF(0, 1, d));
    }

    /// <summary>An open candidate: its service times, measured or predicted, how far they may be off, and what measuring it next would take.</summary>
    private sealed class Prospect
    {
        public Prospect(SearchState state, int candidate, IPathModel model, int firstPoint)
        {
            Candidate = candidate;
            var known = state.Of(candidate);
            var points = state.Candidates[candidate].Points;
            QuietUs = [.. points.Select((point, i) => known[i]?.QuietUs ?? model.Predict(point, PathModelChoice.Confidence).Value)];
            Deviation = points.Select((point, i) => known[i]?.Deviation ?? model.LogDeviation(point)).Average();
            Next = state.IsStarted(candidate) ? state.Missing(candidate) : [firstPoint];
            Seconds = Next.Sum(point => MeasuringCost.Seconds(QuietUs[point]));
        }

        public int Candidate { get; }

        public double[] QuietUs { get; }

        public double Deviation { get; }

        public IReadOnlyList<int> Next { get; }

        public double Seconds { get; }
    }
}
