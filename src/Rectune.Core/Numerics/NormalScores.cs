using MathNet.Numerics.Distributions;

namespace Rectune.Core.Numerics;

/// <summary>The standard normal distribution and its inverse from tables, a few nanoseconds each: wrong by less than 0.0005 in probability within four standard deviations.</summary>
public static class NormalScores
{
    /// <summary>Scores beyond are cut off here.</summary>
    private const double Largest = 4;

    private const int Cells = 4_096;

    private static readonly double[] Probabilities = [.. Enumerable.Range(0, Cells + 1).Select(i => Normal.CDF(0, 1, Largest * ((2.0 * i / Cells) - 1)))];

    private static readonly double[] Scores = [.. Enumerable.Range(0, Cells + 1).Select(i => i == 0 ? -Largest : i == Cells ? Largest : Normal.InvCDF(0, 1, (double)i / Cells))];

    /// <summary>The score below which a share <paramref name="probability"/> of all lies, −4 to 4.</summary>
    /// <param name="probability">0 to 1.</param>
    public static double Of(double probability) => At(Scores, probability * Cells);

    /// <summary>The share of all scores below <paramref name="score"/>, 0 to 1, both ends left out.</summary>
    public static double ProbabilityBelow(double score) => At(Probabilities, (Math.Clamp(score, -Largest, Largest) + Largest) * (Cells / (2 * Largest)));

    private static double At(double[] table, double position)
    {
        var below = Math.Min((int)position, Cells - 1);
        return table[below] + ((position - below) * (table[below + 1] - table[below]));
    }
}
