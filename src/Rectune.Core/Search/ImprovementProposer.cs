using MathNet.Numerics.Distributions;
using Rectune.Core.CostModels;

namespace Rectune.Core.Search;

/// <summary>
/// First a few candidates that show every value of every knob; then whatever is expected to push the frontier of value, quality and memory out furthest for a second of measuring,
/// by the cross-path model's prediction and its doubt (expected improvement: Jones, Schonlau and Welch, Journal of Global Optimization 13, 1998).
/// </summary>
/// <param name="valueOf">What a candidate would be worth at predicted medians, microseconds, one for each of its points.</param>
/// <param name="leastGain">Expected improvement over the best value below which nothing is worth a measurement any more.</param>
public sealed class ImprovementProposer(Func<int, IReadOnlyList<double>, double> valueOf, double leastGain = 0.001) : IProposer
{
    /// <summary>Both sides of a normal deviation.</summary>
    private const double OneDeviation = 0.6827;

    /// <summary>Share of the expected improvement of the frontier where the best value as such is not improved.</summary>
    private const double FrontierShare = 0.3;

    public IReadOnlyList<int> Propose(SearchState state, int count)
    {
        ArgumentNullException.ThrowIfNull(state);
        var cover = Cover(state);
        return cover.Count > 0 ? cover : Improve(state, count);
    }

    /// <summary>Candidates that together show every value of every knob that no measured one shows; where several show as many, the one that should take least time.</summary>
    private static List<int> Cover(SearchState state)
    {
        var shown = state.Measured.Select(m => m.Point).SelectMany(Shows).ToHashSet();
        var work = state.Unmeasured.ToDictionary(i => i, i => state.Candidates[i].Points[^1].Terms.Sum() / state.Candidates[i].Points[^1].Batch);
        List<int> cover = [];
        while (true)
        {
            var best = -1;
            var most = 0;
            foreach (var i in state.Unmeasured)
            {
                var news = Shows(state.Candidates[i].Points[0]).Count(value => !shown.Contains(value));
                if (news > most || (news == most && news > 0 && work[i] < work[best]))
                {
                    (best, most) = (i, news);
                }
            }

            if (best < 0)
            {
                return cover;
            }

            cover.Add(best);
            shown.UnionWith(Shows(state.Candidates[best].Points[0]));
        }

        static IEnumerable<(int, string)> Shows(PathPoint point) => point.Levels.Select((level, knob) => (knob, level));
    }

    private List<int> Improve(SearchState state, int count)
    {
        if (state.Measured.Count == 0)
        {
            // Whatever was tried failed.
            return [.. state.Unmeasured.Take(count)];
        }

        var model = new CrossPathModel(state.Measured);
        var gains = new List<(int Candidate, double Gain)>();
        foreach (var i in state.Unmeasured)
        {
            var candidate = state.Candidates[i];
            var predicted = candidate.Points.Select(point => model.Predict(point, OneDeviation)).ToArray();
            var deviation = predicted.Average(interval => Math.Log(interval.High / interval.Value));
            var toBeat = state.ToBeat(candidate);
            var value = valueOf(i, [.. predicted.Select(interval => interval.Value)]);
            var gain = Expected(value, deviation, state.Best) + (FrontierShare * Expected(value, deviation, toBeat));
            if (gain > leastGain * state.Best)
            {
                gains.Add((i, gain / candidate.Seconds));
            }
        }

        return [.. gains.OrderByDescending(g => g.Gain).ThenBy(g => g.Candidate).Take(count).Select(g => g.Candidate)];
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
}
