using Rectune.Core.Numerics;

namespace Rectune.Engine.Validation;

/// <summary>
/// Looks for the highest rate that is held: doubles from a first rate until one is not held, or halves until one is, then bisects the ratio between the highest rate held and the
/// lowest above it that was not certified. An undecided rate is no reason to go down: at a lower one there are fewer queries, and less evidence. Pure: it is told what was
/// seen. Where luck turned a verdict, the answer is a rate that was held all the same.
/// </summary>
public sealed class RateLadder
{
    /// <summary>Lowest and highest rate that is tried, queries per second.</summary>
    public const double LowestQps = 1;
    public const double HighestQps = 1_000_000;

    /// <summary>The rates between which the search ends differ by no more.</summary>
    public const double Tolerance = 0.05;

    private const double Step = 2;

    /// <summary>A rate of this part of one that is too high may be undecided for its load, a lower one is for want of queries.</summary>
    private const double Near = 8;

    /// <summary>Rates are round, so that reports and command lines can repeat them.</summary>
    private const int Digits = 4;

    private readonly SortedList<double, (RungOutcome Outcome, bool GeneratorLimited)> rungs = [];

    /// <param name="firstQps">Where to begin.</param>
    public RateLadder(double firstQps) => Next = SignificantDigits.Round(Math.Clamp(firstQps, LowestQps, HighestQps), Digits);

    /// <summary>Rate to try next; null when the search is over.</summary>
    public double? Next { get; private set; }

    /// <summary>Highest rate that was held; null while none was.</summary>
    public double? HeldQps => First(rungs.Reverse(), rung => rung.Outcome == RungOutcome.Held);

    /// <summary>Lowest rate above it that was not certified; null while there is none.</summary>
    public double? NotHeldQps => First(rungs.Where(rung => rung.Key > (HeldQps ?? 0)), rung => rung.Outcome != RungOutcome.Held);

    /// <summary>Lowest rate at which more was over the limit than may be; null while there is none.</summary>
    public double? BeyondQps => First(rungs, rung => rung.Outcome == RungOutcome.NotHeld);

    /// <summary>The load generator was the reason for <see cref="BeyondQps"/>: nothing is known of the server there.</summary>
    public bool GeneratorLimited => BeyondQps is { } beyond && rungs[beyond].GeneratorLimited;

    /// <summary>Says what was seen at <see cref="Next"/>.</summary>
    /// <param name="generatorLimited">The generator's own doing, where it was not held.</param>
    public void Tell(RungOutcome outcome, bool generatorLimited)
    {
        rungs.Add(Next ?? throw new InvalidOperationException("the search is over"), (outcome, generatorLimited));
        Next = (HeldQps, BeyondQps) switch
        {
            (_, null) when rungs.Keys[^1] < HighestQps => Math.Min(HighestQps, Step * rungs.Keys[^1]),
            ({ } held, _) => NotHeldQps is { } over ? Between(held, over) : null,
            (null, null) => null,
            (null, { } beyond) => Below(rungs.Keys[0], beyond) ?? Between(rungs.Keys.LastOrDefault(qps => qps < beyond, beyond), beyond),
        };
    }

    /// <summary>Half of the lowest rate, where that was beyond what is held, or so near to it that its being undecided may be due to the load.</summary>
    private static double? Below(double lowest, double beyond) =>
        lowest > LowestQps && (lowest == beyond || lowest > beyond / Near) ? Math.Max(LowestQps, SignificantDigits.Round(lowest / Step, Digits)) : null;

    private static double? Between(double low, double high) => high <= low * (1 + Tolerance) ? null : SignificantDigits.Round(Math.Sqrt(low * high), Digits);

    private static double? First(
        IEnumerable<KeyValuePair<double, (RungOutcome Outcome, bool GeneratorLimited)>> ordered, Func<(RungOutcome Outcome, bool GeneratorLimited), bool> wanted)
    {
        foreach (var (qps, rung) in ordered)
        {
            if (wanted(rung))
            {
                return qps;
            }
        }

        return null;
    }
}
