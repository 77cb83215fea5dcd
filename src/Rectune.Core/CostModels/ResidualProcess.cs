using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Rectune.Core.CostModels;

/// <summary>A Gaussian process over the logarithms by which measurements differ from another model (Rasmussen and Williams, Gaussian Processes for Machine Learning, algorithm 2.1).</summary>
internal sealed class ResidualProcess
{
    private readonly IReadOnlyList<PathPoint> points;
    private readonly KnobKernel kernel;
    private readonly Cholesky<double> factor;
    private readonly Vector<double> weights;
    private readonly Vector<double> residuals;
    private readonly IReadOnlyList<double> deviations;

    /// <param name="points">At least one.</param>
    /// <param name="pairs">Of these points.</param>
    /// <param name="logResiduals"><c>[points]</c></param>
    /// <param name="deviations"><c>[points]</c>: standard deviation of each logarithm that its own measurement leaves.</param>
    public ResidualProcess(IReadOnlyList<PathPoint> points, PointPairs pairs, IReadOnlyList<double> logResiduals, IReadOnlyList<double> deviations, KnobKernel kernel)
    {
        this.points = points;
        this.kernel = kernel;
        this.deviations = deviations;
        var covariance = pairs.Covariance(kernel);
        for (var i = 0; i < points.Count; i++)
        {
            covariance[i, i] += (kernel.Noise * kernel.Noise) + (deviations[i] * deviations[i]);
        }

        factor = covariance.Cholesky();
        residuals = Vector<double>.Build.DenseOfEnumerable(logResiduals);
        weights = factor.Solve(residuals);
    }

    /// <summary>Logarithm of the probability density of the residuals, up to a constant.</summary>
    public double LogLikelihood => -0.5 * ((residuals * weights) + factor.DeterminantLn);

    /// <summary>Mean and standard deviation of the logarithm at a point, what no knob explains included.</summary>
    public (double Mean, double Deviation) At(PathPoint point)
    {
        var likeness = Vector<double>.Build.Dense(points.Count, i => kernel.Covariance(points[i], point));
        var variance = kernel.Variance + (kernel.Noise * kernel.Noise) - (likeness * factor.Solve(likeness));
        return (likeness * weights, Math.Sqrt(Math.Max(variance, kernel.Noise * kernel.Noise)));
    }

    /// <summary>
    /// What <see cref="At"/> would give for the points of a group were none of the group known, with the same kernel (the same book, equation 5.12, for blocks): by how much each is off what was
    /// measured, the deviation that would be claimed, and what that is together with what the measurement itself is off by.
    /// </summary>
    public IEnumerable<(double Error, double Claimed, double WithMeasurement)> LeftOut(IEnumerable<IReadOnlyList<int>> groups)
    {
        var inverse = factor.Solve(Matrix<double>.Build.DenseIdentity(points.Count));
        foreach (var group in groups)
        {
            var block = Matrix<double>.Build.Dense(group.Count, group.Count, (i, j) => inverse[group[i], group[j]]).Inverse();
            var errors = block * Vector<double>.Build.Dense(group.Count, i => weights[group[i]]);
            for (var i = 0; i < group.Count; i++)
            {
                var (both, measuring) = (Math.Max(0, block[i, i]), deviations[group[i]]);
                yield return (errors[i], Math.Sqrt(Math.Max(both - (measuring * measuring), kernel.Noise * kernel.Noise)), Math.Sqrt(both));
            }
        }
    }
}
