using MathNet.Numerics.LinearAlgebra;

namespace Rectune.Core.CostModels;

/// <summary>The ways in which points differ from each other, each held once: few, however many pairs there are, so that many kernels are tried over them at little cost.</summary>
internal sealed class PointPairs
{
    private readonly List<PointDifference> differences = [];
    private readonly int[][] indices;

    /// <param name="points">At least one; all with the same knobs.</param>
    public PointPairs(IReadOnlyList<PathPoint> points)
    {
        var known = new Dictionary<PointDifference, int>();
        indices = new int[points.Count][];
        for (var i = 0; i < points.Count; i++)
        {
            indices[i] = new int[i];
            for (var j = 0; j < i; j++)
            {
                var difference = PointDifference.Between(points[i], points[j]);
                if (!known.TryGetValue(difference, out var index))
                {
                    known[difference] = index = differences.Count;
                    differences.Add(difference);
                }

                indices[i][j] = index;
            }
        }
    }

    /// <summary><c>[points, points]</c>, without what each point varies by itself.</summary>
    public Matrix<double> Covariance(KnobKernel kernel)
    {
        double[] values = [.. differences.Select(kernel.Covariance)];
        var covariance = Matrix<double>.Build.Dense(indices.Length, indices.Length);
        for (var i = 0; i < indices.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                covariance[i, j] = covariance[j, i] = values[indices[i][j]];
            }

            covariance[i, i] = kernel.Variance;
        }

        return covariance;
    }
}
