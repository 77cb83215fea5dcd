using Rectune.Core.Numerics;

namespace Rectune.Engine.Validation;

/// <summary>
/// Looks for the highest rate that is held: doubles or halves from a first rate until one is held and one is not, then bisects their ratio. Pure: it is told what was seen at
/// each rate. Where luck turned a verdict, the answer is a rate that was held all the same.
/// </summary>
public sealed class RateLadder
{
    /// <summary>Lowest and highest rate that is tried, queries per second.</summary>
    public const double LowestQps = 1;
    public const double HighestQps = 1_000_000;

    /// <summary>The rate held and the rate not held differ by no more in the end.</summary>
    public const double Tolerance = 0.05;

    private const double Step = 2;

    /// <summary>Rates are round, so that reports and command lines can repeat them.</summary>
    private const int Digits = 4;

    /// <param name="firstQps">Where to begin.</param>
    public RateLadder(double firstQps) => Next = SignificantDigits.Round(Math.Clamp(firstQps, LowestQps, HighestQps), Digits);

    /// <summary>Rate to try next; null when the search is over.</summary>
    public double? Next { get; private set; }

    /// <summary>Highest rate that was held; null while none was.</summary>
    public double? HeldQps { get; private set; }

    /// <summary>Lowest rate above it that was not; null while none failed.</summary>
    public double? NotHeldQps { get; private set; }

    /// <summary>The load generator was the reason for <see cref="NotHeldQps"/>: nothing is known of the server there.</summary>
    public bool GeneratorLimited { get; private set; }

    /// <summary>Says whether <see cref="Next"/> was held, and if not whether that was the generator's own doing.</summary>
    public void Tell(bool held, bool generatorLimited)
    {
        var tried = Next ?? throw new InvalidOperationException("the search is over");
        if (held)
        {
            HeldQps = tried;
        }
        else
        {
            (NotHeldQps, GeneratorLimited) = (tried, generatorLimited);
        }

        Next = (HeldQps, NotHeldQps) switch
        {
            ({ } low, { } high) => high <= low * (1 + Tolerance) ? null : SignificantDigits.Round(Math.Sqrt(low * high), Digits),
            ({ } low, null) => low >= HighestQps ? null : Math.Min(HighestQps, Step * low),
            (null, { } high) => high <= LowestQps ? null : Math.Max(LowestQps, SignificantDigits.Round(high / Step, Digits)),
            _ => null,
        };
    }
}
