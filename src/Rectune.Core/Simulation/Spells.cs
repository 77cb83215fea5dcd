using Rectune.Core.Numerics;

namespace Rectune.Core.Simulation;

/// <summary>
/// Slow and fast spells of a machine: luck that runs share which begin at about the same time. A Gaussian copula, so that runs taken one by one are spread as before and only their order changes.
/// Spells are of four lengths, each an equal part of the variance, as a fixed piece of work of 0.2 ms was seen to be spread that was repeated for a minute on a shared two-core machine: correlations of
/// 0.67 with the next run, 0.57 at 3 ms, 0.45 at 26 ms, 0.35 at 0.1 s, 0.25 at 0.4 s, 0.09 at 1.7 s.
/// </summary>
public sealed class Spells
{
    private static readonly long[] LengthsNs = [10_000_000, 100_000_000, 1_000_000_000, 3_000_000_000];

    private ulong seed;
    private long untilNs;
    private double score;

    /// <summary>A schedule begins: time starts over.</summary>
    /// <param name="seed">Of the replication: every candidate meets the same spells at the same time.</param>
    public void Begin(ulong seed) => (this.seed, untilNs) = (seed, 0);

    /// <summary>The luck of a run, uniform in [0, 1).</summary>
    /// <param name="nowNs">Never falls.</param>
    /// <param name="own">The run's own, uniform in [0, 1).</param>
    /// <param name="persistence">Part that the spell has in it, 0 to 1.</param>
    public double Luck(long nowNs, double own, double persistence)
    {
        if (persistence <= 0)
        {
            return own;
        }

        if (nowNs >= untilNs)
        {
            Turn(nowNs);
        }

        return NormalScores.ProbabilityBelow((Math.Sqrt(persistence) * score) + (Math.Sqrt(1 - persistence) * NormalScores.Of(own)));
    }

    private void Turn(long nowNs)
    {
        untilNs = long.MaxValue;
        score = 0;
        for (var i = 0; i < LengthsNs.Length; i++)
        {
            var number = nowNs / LengthsNs[i];
            untilNs = Math.Min(untilNs, (number + 1) * LengthsNs[i]);
            score += SplitMix64.For(seed, (ulong)i + 1, (ulong)number).NextNormal();
        }

        score /= Math.Sqrt(LengthsNs.Length);
    }
}
