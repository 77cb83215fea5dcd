namespace Rectune.Core.CostModels;

/// <summary>
/// The kernel under which residuals are most likely, times a wide prior that keeps few points from claiming too much: coordinate by coordinate, steps halved when none helps.
/// Deterministic.
/// </summary>
internal static class KernelSearch
{
    private const double FirstStep = 1;
    private const double LastStep = 0.2;

    /// <summary>Standard deviation of the prior of every coordinate, in its own unit: a factor of e, or of odds.</summary>
    private const double PriorDeviation = 1.5;

    /// <summary>Coordinates before those of the knobs.</summary>
    private const int Shared = 4;

    public static KnobKernel Best(IReadOnlyList<PathPoint> points, IReadOnlyList<double> logResiduals, IReadOnlyList<double> deviations)
    {
        // A knob that never varied says nothing of itself; what it would change is unknown, and the prior says so.
        var pairs = new PointPairs(points);
        var knobs = points[0].Levels.Count;
        double[] prior = [Math.Log(0.15), 0, Math.Log(3), Math.Log(0.02), .. Enumerable.Repeat(-1.0, knobs)];
        double[] best = [.. prior];
        var bestValue = Value(best);
        for (var step = FirstStep; step >= LastStep;)
        {
            var improved = false;
            for (var i = 0; i < best.Length; i++)
            {
                foreach (var direction in new[] { step, -step })
                {
                    double[] tried = [.. best];
                    tried[i] += direction;
                    var value = Value(tried);
                    if (value > bestValue)
                    {
                        (best, bestValue, improved) = (tried, value, true);
                        break;
                    }
                }
            }

            step = improved ? step : step / 2;
        }

        return Kernel(best);

        double Value(double[] at)
        {
            var penalty = 0.0;
            for (var i = 0; i < at.Length; i++)
            {
                penalty += Math.Pow((at[i] - prior[i]) / PriorDeviation, 2) / 2;
            }

            return new ResidualProcess(points, pairs, logResiduals, deviations, Kernel(at)).LogLikelihood - penalty;
        }
    }

    private static KnobKernel Kernel(double[] at) => new(
        Math.Exp(at[0]), Share(at[1]), Math.Exp(at[2]), Math.Exp(at[3]), [.. at[Shared..].Select(Share)]);

    /// <summary>The logistic function.</summary>
    private static double Share(double odds) => 1 / (1 + Math.Exp(-odds));
}
