using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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

    /// <summary>Blocks that are alike over so many others are joined to longer ones: looking further would take long.</summary>
    private const int MostLags = 500;

    /// <summary>Fewer blocks are not joined: a quarter of them as lags is all that could be looked at.</summary>
    private const int FewestJoined = 1_000;

    /// <summary>Longer series are taken in blocks: what matters in them is correlation over times, not over values, and a fast server answers many values in a time.</summary>
    private const int MostBlocks = 20_000;

    /// <param name="values">In order of time.</param>
    /// <param name="threshold">Values above it are hits.</param>
    /// <returns>At least 1; about the number of values where they are alike over the whole series.</returns>
    public static double Of(ReadOnlySpan<double> values, double threshold)
    {
        var size = Math.Max(1, (values.Length + MostBlocks - 1) / MostBlocks);
        double? effect;
        while ((effect = Of(values, threshold, size)) is null)
        {
            size *= 2;
        }

        return effect.Value;
    }

    /// <summary>From blocks of <paramref name="size"/> values; null where correlation reaches beyond the lags.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double? Of(ReadOnlySpan<double> values, double threshold, int size)
    {
        var blocks = Blocks(values, threshold, size, out var hits);
        var count = (double)blocks.Length * size;
        if (hits == 0 || hits == count)
        {
            return 1;
        }

        var share = hits / count;
        var variance = Covariance(blocks, 0);
        if (variance <= 0)
        {
            // Hits so regular that every block has as many.
            return 1;
        }

        var lags = Math.Min(MostLags, blocks.Length / LagShare);
        double sum = 0, smallest = double.MaxValue;
        var lag = 0;
        for (; lag + 1 <= lags; lag += 2)
        {
            var pair = (Covariance(blocks, lag) + Covariance(blocks, lag + 1)) / variance;
            if (pair <= 0)
            {
                break;
            }

            smallest = Math.Min(smallest, pair);
            sum += smallest;
        }

        if (lag + 1 > lags && blocks.Length >= FewestJoined)
        {
            return null;
        }

        // Standard error of such a sum over lags up to m, relative (Sokal, Monte Carlo Methods in Statistical Mechanics, 1997, formula 3.19).
        var uncertainty = Math.Sqrt(2 * ((2 * lag) + 1) / (double)blocks.Length);
        var withinBlocks = variance / (size * share * (1 - share));
        return Math.Max(1, withinBlocks * ((2 * sum) - 1) * (1 + (UpperQuartile * uncertainty)));
    }

    /// <summary>Hits in each block, less their mean; values behind the last whole block are left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double[] Blocks(ReadOnlySpan<double> values, double threshold, int size, out int hits)
    {
        var blocks = new double[values.Length / size];
        hits = 0;
        for (var block = 0; block < blocks.Length; block++)
        {
            foreach (var value in values.Slice(block * size, size))
            {
                blocks[block] += value > threshold ? 1 : 0;
            }

            hits += (int)blocks[block];
        }

        var mean = hits / (double)blocks.Length;
        foreach (ref var block in blocks.AsSpan())
        {
            block -= mean;
        }

        return blocks;
    }

    /// <summary>Σ xᵢ·xᵢ₊ₖ / n</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Covariance(double[] blocks, int lag)
    {
        var early = blocks.AsSpan(0, blocks.Length - lag);
        var late = blocks.AsSpan(lag);
        var earlyVectors = MemoryMarshal.Cast<double, Vector<double>>(early);
        var lateVectors = MemoryMarshal.Cast<double, Vector<double>>(late);
        var sums = Vector<double>.Zero;
        for (var i = 0; i < earlyVectors.Length; i++)
        {
            sums += earlyVectors[i] * lateVectors[i];
        }

        var sum = Vector.Sum(sums);
        for (var i = earlyVectors.Length * Vector<double>.Count; i < early.Length; i++)
        {
            sum += early[i] * late[i];
        }

        return sum / blocks.Length;
    }
}
