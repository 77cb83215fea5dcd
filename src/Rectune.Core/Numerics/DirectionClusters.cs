using System.Runtime.Intrinsics;

namespace Rectune.Core.Numerics;

/// <summary>
/// A few points that stand for many by the angle to them: each the mean of those whose direction is nearest to its own (k-means on the sphere: Dhillon, Modha, Machine Learning 42, 2001). The same
/// bits on every processor.
/// </summary>
public static class DirectionClusters
{
    /// <summary>Products that are summed side by side, whatever the processor's width.</summary>
    private const int Lanes = 16;

    /// <param name="points"><c>[points, width]</c>: the first <paramref name="count"/> are the first means.</param>
    /// <param name="weights"><c>[points]</c>, at least 1: how many points each is.</param>
    /// <param name="count">Means, at least 1 and at most the points. As many means as points are the points.</param>
    /// <param name="rounds">Times that every point goes to the nearest mean and means move to the middle of their points. One that no point goes to stays.</param>
    /// <returns><c>[count, width]</c></returns>
    public static float[] Means(ReadOnlySpan<float> points, int width, ReadOnlySpan<int> weights, int count, int rounds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, weights.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(points.Length, weights.Length * width);
        var means = points[..(count * width)].ToArray();
        if (count == weights.Length)
        {
            return means;
        }

        // A whole multiple of a float is exact in a double, so that the mean of one point is that point.
        var sums = new double[means.Length];
        var totals = new long[count];
        for (var round = 0; round < rounds; round++)
        {
            var directions = Directions(means, width);
            Array.Clear(sums);
            Array.Clear(totals);
            for (var i = 0; i < weights.Length; i++)
            {
                var point = points.Slice(i * width, width);
                var nearest = Nearest(point, directions);
                totals[nearest] += weights[i];
                var sum = sums.AsSpan(nearest * width, width);
                for (var j = 0; j < width; j++)
                {
                    sum[j] += (double)weights[i] * point[j];
                }
            }

            for (var i = 0; i < means.Length; i++)
            {
                if (totals[i / width] > 0)
                {
                    means[i] = (float)(sums[i] / totals[i / width]);
                }
            }
        }

        return means;
    }

    /// <summary>The points at length 1; one of no length stays: it is the nearest only of what every other points away from.</summary>
    /// <param name="points"><c>[points, width]</c></param>
    /// <returns><c>[points, width]</c></returns>
    public static float[] Directions(ReadOnlySpan<float> points, int width)
    {
        var directions = points.ToArray();
        for (var first = 0; first < directions.Length; first += width)
        {
            var direction = directions.AsSpan(first, width);
            var square = 0.0;
            foreach (var value in direction)
            {
                square += (double)value * value;
            }

            var scale = square > 0 ? 1 / Math.Sqrt(square) : 0;
            foreach (ref var value in direction)
            {
                value = (float)(scale * value);
            }
        }

        return directions;
    }

    /// <summary>Index of the direction with the smallest angle to a point, the first of equals.</summary>
    /// <param name="point"><c>[width]</c>, of any length.</param>
    /// <param name="directions"><c>[directions, width]</c>, at least one.</param>
    public static int Nearest(ReadOnlySpan<float> point, ReadOnlySpan<float> directions)
    {
        var (nearest, largest) = (0, float.NegativeInfinity);
        for (var first = 0; first < directions.Length; first += point.Length)
        {
            var product = Product(point, directions.Slice(first, point.Length));
            if (product > largest)
            {
                (nearest, largest) = (first / point.Length, product);
            }
        }

        return nearest;
    }

    private static float Product(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sums = Vector512<float>.Zero;
        var i = 0;
        for (; i + Lanes <= a.Length; i += Lanes)
        {
            sums += Vector512.Create(a[i..]) * Vector512.Create(b[i..]);
        }

        var sum = 0f;
        for (var lane = 0; lane < Lanes; lane++)
        {
            sum += sums[lane];
        }

        for (; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
