using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Core.CostModels;

/// <summary>
/// How much of a run's luck the next run shares: neighbours, clocks and caches change more slowly than runs end, so that slow runs come together. Latency under load depends on it more than on the
/// spread itself, since a queue forgives one slow run and not twenty in a row.
/// </summary>
public static class RunPersistence
{
    /// <summary>A shorter series says little: its own mean is taken from it.</summary>
    private const int ShortestSeries = 20;

    /// <summary>Pairs of runs below which nothing is said.</summary>
    private const int FewestPairs = 200;

    /// <summary>Correlation of the normal scores of runs that were measured one after the other; null where there are too few.</summary>
    public static double? Of(IEnumerable<MeasurementRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var sum = 0.0;
        var pairs = 0;
        foreach (var row in rows)
        {
            foreach (var series in new[] { row.ServiceUs, row.DisturbedUs })
            {
                if (series.Count >= ShortestSeries)
                {
                    sum += Products(series);
                    pairs += series.Count - 1;
                }
            }
        }

        return pairs < FewestPairs ? null : Math.Round(Math.Clamp(sum / pairs, 0, 1), 3);
    }

    /// <summary>Sum of the products of neighbours' scores, each score of variance 1.</summary>
    private static double Products(IReadOnlyList<double> series)
    {
        var order = Enumerable.Range(0, series.Count).OrderBy(i => series[i]).ToArray();
        var scores = new double[series.Count];
        for (var rank = 0; rank < order.Length; rank++)
        {
            scores[order[rank]] = NormalScores.Of((rank + 0.5) / order.Length);
        }

        var variance = scores.Average(score => score * score);
        return Enumerable.Range(1, scores.Length - 1).Sum(i => scores[i - 1] * scores[i]) / variance;
    }
}
