namespace Rectune.Core.Workloads;

/// <summary>
/// A rate that changes over time as steps times its average: turns seconds that have passed at the average rate (even time) into real ones, so that arrivals that are a Poisson process in even
/// time are one of that changing rate (Çinlar, Introduction to Stochastic Processes, 1975, section 4.7). After the last step it begins anew. Immutable.
/// </summary>
public sealed class RateCourse
{
    private readonly double[] evenEnds;
    private readonly double[] realEnds;

    /// <param name="steps">Length in real seconds and factor on the average rate, at least one; lengths and factors above 0.</param>
    public RateCourse(IReadOnlyList<(double Seconds, double Factor)> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentOutOfRangeException.ThrowIfZero(steps.Count, nameof(steps));
        evenEnds = new double[steps.Count];
        realEnds = new double[steps.Count];
        var (even, real) = (0.0, 0.0);
        for (var i = 0; i < steps.Count; i++)
        {
            var (seconds, factor) = steps[i];
            if (!(seconds > 0) || !(factor > 0) || !double.IsFinite(seconds * factor))
            {
                throw new ArgumentException($"step {i} of a rate takes {seconds} s at {factor} times the average, expected positive numbers", nameof(steps));
            }

            (even, real) = (even + (seconds * factor), real + seconds);
            (evenEnds[i], realEnds[i]) = (even, real);
        }
    }

    /// <summary>Average of the factor over all steps.</summary>
    public double MeanFactor => evenEnds[^1] / realEnds[^1];

    /// <summary>The same with every step shortened to a part of its length.</summary>
    public double RealSeconds(double evenSeconds, double scale) => scale * RealSeconds(evenSeconds / scale);

    /// <summary>Real seconds by which so many even ones have passed.</summary>
    public double RealSeconds(double evenSeconds)
    {
        var round = Math.Floor(evenSeconds / evenEnds[^1]);
        var within = Math.Clamp(evenSeconds - (round * evenEnds[^1]), 0, evenEnds[^1]);
        var found = Array.BinarySearch(evenEnds, within);
        var at = found >= 0 ? found : ~found;
        var (evenStart, realStart) = at == 0 ? (0, 0) : (evenEnds[at - 1], realEnds[at - 1]);
        return (round * realEnds[^1]) + realStart + ((within - evenStart) / (evenEnds[at] - evenStart) * (realEnds[at] - realStart));
    }
}
