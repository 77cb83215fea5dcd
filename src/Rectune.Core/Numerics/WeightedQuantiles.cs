namespace Rectune.Core.Numerics;

/// <summary>Quantiles of values that do not all weigh the same.</summary>
public static class WeightedQuantiles
{
    /// <summary>Quantiles at evenly spaced probabilities from 0 to 1, linear between the middles of the values' weights; the mean of the last cell is kept.</summary>
    /// <param name="pool">Not empty; is sorted.</param>
    /// <param name="count">At least 2.</param>
    /// <param name="digits">Decimals that are kept.</param>
    public static double[] Grid(List<(double Value, double Weight)> pool, int count, int digits)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentOutOfRangeException.ThrowIfZero(pool.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        pool.Sort();
        var total = pool.Sum(run => run.Weight);
        var grid = new double[count];
        var at = 0;
        double before = 0;
        for (var i = 0; i < count - 1; i++)
        {
            var target = total * i / (count - 1);
            while (at < pool.Count && before + (pool[at].Weight / 2) < target)
            {
                before += pool[at].Weight;
                at++;
            }

            grid[i] = at == 0 ? pool[0].Value
                : at == pool.Count ? pool[^1].Value
                : Between(pool[at - 1], pool[at], target - (before - (pool[at - 1].Weight / 2)));
        }

        grid[^1] = Top(pool, total / (count - 1), grid[^2]);
        for (var i = 0; i < grid.Length; i++)
        {
            grid[i] = Math.Round(grid[i], digits);
        }

        return grid;
    }

    private static double Between((double Value, double Weight) left, (double Value, double Weight) right, double distance)
    {
        var gap = (left.Weight + right.Weight) / 2;
        return left.Value + (distance / gap * (right.Value - left.Value));
    }

    /// <summary>
    /// The largest value would smear itself over the whole last cell, because reading is linear between quantiles. The value here keeps the mean of that cell instead:
    /// the sum of all, and with it the load that service times make, stays what it was.
    /// </summary>
    private static double Top(List<(double Value, double Weight)> pool, double share, double last)
    {
        var left = share;
        double sum = 0;
        for (var i = pool.Count - 1; i >= 0 && left > 0; i--)
        {
            var weight = Math.Min(left, pool[i].Weight);
            sum += weight * pool[i].Value;
            left -= weight;
        }

        return Math.Max(last, (2 * sum / share) - last);
    }
}
