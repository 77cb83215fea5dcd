using Rectune.Core.Numerics;

namespace Rectune.Core.Workloads;

/// <summary>P(r) ∝ r^−α on ranks 1 … N, in closed form.</summary>
public sealed class ZipfRanks : IRankLaw
{
    private readonly double alpha;
    private readonly double sum;

    /// <param name="ranks">N, at least 1.</param>
    /// <param name="alpha">Exponent α ≥ 0; 0 is uniform.</param>
    public ZipfRanks(long ranks, double alpha)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ranks);
        if (!double.IsFinite(alpha) || alpha < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "expected a finite exponent of at least 0");
        }

        Ranks = ranks;
        this.alpha = alpha;
        sum = PowerLaw.Sum(alpha, ranks);
    }

    public long Ranks { get; }

    public double Share(long rank) => Math.Pow(rank, -alpha) / sum;

    public double ShareOfFirst(long count) => count >= Ranks ? 1 : PowerLaw.Sum(alpha, count) / sum;

    public long RanksWith(double share)
    {
        if (share <= 0 || alpha == 0)
        {
            return share <= Share(1) ? Ranks : 0;
        }

        // Where r^−α / sum falls to the share, give or take the rounding of the power.
        var rank = (long)Math.Clamp(Math.Pow(share * sum, -1 / alpha), 0, Ranks);
        while (rank < Ranks && Share(rank + 1) >= share)
        {
            rank++;
        }

        while (rank > 0 && Share(rank) < share)
        {
            rank--;
        }

        return rank;
    }
}
