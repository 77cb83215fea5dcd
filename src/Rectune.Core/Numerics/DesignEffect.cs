namespace Rectune.Core.Numerics;

/// <summary>
/// How many values of a correlated series are worth one independent value, for the share that exceeds a threshold: the sum of the indicator's autocorrelations over all lags,
/// by the initial monotone sequence of Geyer (Practical Markov Chain Monte Carlo, Statistical Science 7, 1992, section 3.3), which ends by itself where correlation is lost in noise.
/// </summary>
public static class DesignEffect
{
    /// <summary>Upper quartile of the normal distribution: an estimate from few values is itself uncertain, so its upper 75 % bound is taken.</summary>
    private const double UpperQuartile = 0.6745;

    /// <summary>Lags of more than this share of the series have too few pairs to say anything.</summary>
    private const int LagShare = 4;

    /// <summary>Values that are alike over so many others are worth next to nothing, and looking further would take long.</summary>
    private const int MostLags = 500;

    /// <param name="values">In order of time.</param>
    /// <param name="threshold">Values above it are hits.</param>
    /// <returns>At least 1; the number of values where they are alike beyond all lags that are looked at.</returns>
    public static double Of(ReadOnlySpan<double> values, double threshold)
    {
        var hits = Hits(values, threshold);
        if (hits.Length == 0 || hits.Length == values.Length)
        {
            return 1;
        }

        var count = (double)values.Length;
        var share = hits.Length / count;
        var variance = share * (1 - share);
        var lags = Math.Min(MostLags, values.Length / LagShare);
        double sum = 0, smallest = double.MaxValue;
        var lag = 0;
        for (; lag + 1 <= lags; lag += 2)
        {
            var pair = (Covariance(hits, values.Length, share, lag) + Covariance(hits, values.Length, share, lag + 1)) / variance;
            if (pair <= 0)
            {
                break;
            }

            smallest = Math.Min(smallest, pair);
            sum += smallest;
        }

        if (lag + 1 > lags && lags == MostLags)
        {
            return values.Length;
        }

        // Standard error of such a sum over lags up to m, relative (Sokal, Monte Carlo Methods in Statistical Mechanics, 1997, formula 3.19).
        var uncertainty = Math.Sqrt(2 * ((2 * lag) + 1) / count);
        return Math.Max(1, ((2 * sum) - 1) * (1 + (UpperQuartile * uncertainty)));
    }

    private static int[] Hits(ReadOnlySpan<double> values, double threshold)
    {
        var count = 0;
        foreach (var value in values)
        {
            count += value > threshold ? 1 : 0;
        }

        var hits = new int[count];
        for (int i = 0, next = 0; next < count; i++)
        {
            if (values[i] > threshold)
            {
                hits[next++] = i;
            }
        }

        return hits;
    }

    /// <summary>Σ (xᵢ − p)(xᵢ₊ₖ − p) / n for the indicator x, from the places of its ones alone.</summary>
    private static double Covariance(int[] hits, int count, double share, int lag)
    {
        var (both, second) = (0, 0);
        var (beforeEnd, afterStart) = (0, 0);
        foreach (var hit in hits)
        {
            while (second < hits.Length && hits[second] < hit + lag)
            {
                second++;
            }

            both += second < hits.Length && hits[second] == hit + lag ? 1 : 0;
            beforeEnd += hit < count - lag ? 1 : 0;
            afterStart += hit >= lag ? 1 : 0;
        }

        return (both - (share * (beforeEnd + afterStart)) + (share * share * (count - lag))) / count;
    }
}
