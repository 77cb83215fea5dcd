using MathNet.Numerics.LinearAlgebra;
using Rectune.Core.Numerics;
using Xunit;

namespace Rectune.Tests.Numerics;

public sealed class NonNegativeLeastSquaresTests
{
    [Fact]
    public void Solve_ExactPositiveSolution_IsFound()
    {
        double[] truth = [3, 0, 0.5];
        double[][] rows = [[1, 2, 3], [4, 1, 0], [2, 2, 2], [0, 1, 5], [3, 3, 1]];
        var found = NonNegativeLeastSquares.Solve(rows, [.. rows.Select(row => row.Zip(truth, (a, x) => a * x).Sum())], [1, 1, 1, 1, 1]);
        Assert.All(truth.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void Solve_RandomProblems_IsAsGoodAsTheBestOverAllSetsOfFreeCoefficients()
    {
        var random = new SplitMix64(5);
        for (var trial = 0; trial < 200; trial++)
        {
            var count = 1 + (int)random.NextInt64(4);
            var equations = count + 1 + (int)random.NextInt64(6);
            var rows = Enumerable.Range(0, equations).Select(_ => Enumerable.Range(0, count).Select(_ => random.NextNormal()).ToArray()).ToArray();
            var y = Enumerable.Range(0, equations).Select(_ => random.NextNormal()).ToArray();
            var weights = Enumerable.Range(0, equations).Select(_ => random.NextPositiveDouble()).ToArray();
            var found = NonNegativeLeastSquares.Solve(rows, y, weights);
            Assert.All(found, x => Assert.True(x >= 0));
            Assert.InRange(Loss(found), 0, Best() + 1e-9);

            double Loss(double[] x) => rows.Zip(y, weights).Sum(e => e.Third * Math.Pow(e.First.Zip(x, (a, b) => a * b).Sum() - e.Second, 2));

            double Best()
            {
                var best = Loss(new double[count]);
                for (var set = 1; set < 1 << count; set++)
                {
                    int[] free = [.. Enumerable.Range(0, count).Where(i => (set & (1 << i)) != 0)];
                    var a = Matrix<double>.Build.Dense(equations, free.Length, (r, c) => Math.Sqrt(weights[r]) * rows[r][free[c]]);
                    var solution = a.QR().Solve(Vector<double>.Build.Dense(equations, r => Math.Sqrt(weights[r]) * y[r]));
                    if (solution.All(v => v >= 0))
                    {
                        var x = new double[count];
                        for (var i = 0; i < free.Length; i++)
                        {
                            x[free[i]] = solution[i];
                        }

                        best = Math.Min(best, Loss(x));
                    }
                }

                return best;
            }
        }
    }

    [Fact]
    public void Solve_ColumnOfZeroes_GetsZero() => Assert.Equal([2, 0], NonNegativeLeastSquares.Solve([[1, 0], [1, 0]], [2, 2], [1, 1]));

    [Fact]
    public void Solve_UnequalCounts_AreRefused() => Assert.Throws<ArgumentException>(() => NonNegativeLeastSquares.Solve([[1.0]], [1.0, 2.0], [1.0]));
}
