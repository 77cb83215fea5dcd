namespace Rectune.Core.Numerics;

/// <summary>
/// Least squares with coefficients of at least 0, by coordinate descent: the problem is convex, and each coordinate's best value is known in closed form (Franc, Hlaváč and
/// Navara, CAIP 2005).
/// </summary>
public static class NonNegativeLeastSquares
{
    private const int MostSweeps = 20_000;

    /// <summary>Change of a coefficient's contribution, relative to the largest right side, below which the sweeps end.</summary>
    private const double Tolerance = 1e-10;

    /// <summary>Coefficients x ≥ 0 that minimise Σ weight·(row·x − y)².</summary>
    /// <param name="rows"><c>[equations][coefficients]</c>, finite.</param>
    /// <param name="y"><c>[equations]</c>, finite.</param>
    /// <param name="weights"><c>[equations]</c>, at least 0.</param>
    public static double[] Solve(IReadOnlyList<double[]> rows, IReadOnlyList<double> y, IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(weights);
        if (rows.Count == 0 || rows.Count != y.Count || rows.Count != weights.Count)
        {
            throw new ArgumentException($"{rows.Count} equations, {y.Count} right sides and {weights.Count} weights", nameof(rows));
        }

        var count = rows[0].Length;
        var (gram, right) = NormalEquations(rows, y, weights, count);

        // Columns of one length: coefficients of microseconds and of gigabytes converge alike.
        var scale = Enumerable.Range(0, count).Select(i => gram[i, i] > 0 ? 1 / Math.Sqrt(gram[i, i]) : 0).ToArray();
        var x = new double[count];
        var largest = Enumerable.Range(0, count).Max(i => Math.Abs(right[i] * scale[i]));
        for (var sweep = 0; sweep < MostSweeps; sweep++)
        {
            var moved = 0.0;
            for (var i = 0; i < count; i++)
            {
                if (scale[i] == 0)
                {
                    continue;
                }

                var gradient = right[i] * scale[i];
                for (var j = 0; j < count; j++)
                {
                    gradient -= gram[i, j] * scale[i] * scale[j] * x[j];
                }

                var next = Math.Max(0, x[i] + gradient);
                moved = Math.Max(moved, Math.Abs(next - x[i]));
                x[i] = next;
            }

            if (moved <= Tolerance * largest)
            {
                break;
            }
        }

        return [.. x.Zip(scale, (value, s) => value * s)];
    }

    private static (double[,] Gram, double[] Right) NormalEquations(IReadOnlyList<double[]> rows, IReadOnlyList<double> y, IReadOnlyList<double> weights, int count)
    {
        var gram = new double[count, count];
        var right = new double[count];
        for (var row = 0; row < rows.Count; row++)
        {
            for (var i = 0; i < count; i++)
            {
                var weighted = weights[row] * rows[row][i];
                right[i] += weighted * y[row];
                for (var j = 0; j < count; j++)
                {
                    gram[i, j] += weighted * rows[row][j];
                }
            }
        }

        return (gram, right);
    }
}
