using Rectune.Core.Numerics;
using Xunit;

namespace Rectune.Tests.Numerics;

public sealed class DirectionClustersTests
{
    /// <summary>Widths below, at and beyond the sixteen products that are summed side by side.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(37)]
    public void Nearest_AnyWidth_IsTheLargestCosine(int width)
    {
        var points = Points(60, width, 5);
        var directions = DirectionClusters.Directions(points.AsSpan(0, 20 * width), width);
        for (var i = 0; i < 60; i++)
        {
            var point = points.AsSpan(i * width, width);
            var cosines = Cosines(point, directions, width);
            Assert.Equal(cosines.Max(), cosines[DirectionClusters.Nearest(point, directions)], 1e-6);
        }
    }

    [Fact]
    public void Nearest_Equals_IsTheFirst() => Assert.Equal(1, DirectionClusters.Nearest([3, 0], [0, 1, 1, 0, 1, 0]));

    [Fact]
    public void Directions_Points_HaveLengthOneAndNoLengthStays()
    {
        Assert.Equal([0.6f, 0.8f, 0, 0], DirectionClusters.Directions([3, 4, 0, 0], 2));
        Assert.Equal(0, DirectionClusters.Nearest([1, 1], DirectionClusters.Directions([5, 5, 0, 0], 2)));
    }

    /// <summary>Against the same rounds in double precision, point by point.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void Means_Rounds_AreThoseOfTheSlowReference(int rounds)
    {
        const int Width = 24;
        const int Count = 7;
        var points = Points(90, Width, 9);
        int[] weights = [.. Enumerable.Range(0, 90).Select(i => 1 + (i % 4))];
        var means = DirectionClusters.Means(points, Width, weights, Count, rounds);
        var slow = points[..(Count * Width)];
        for (var round = 0; round < rounds; round++)
        {
            var nearest = Enumerable.Range(0, 90).Select(i => Best(Cosines(points.AsSpan(i * Width, Width), slow, Width))).ToArray();
            for (var mean = 0; mean < Count; mean++)
            {
                var members = Enumerable.Range(0, 90).Where(i => nearest[i] == mean).ToArray();
                for (var j = 0; j < Width && members.Length > 0; j++)
                {
                    slow[(mean * Width) + j] = (float)(members.Sum(i => weights[i] * (double)points[(i * Width) + j]) / members.Sum(i => weights[i]));
                }
            }
        }

        Assert.All(slow, (value, i) => Assert.Equal(value, means[i], 1e-6));
        Assert.Equal(means, DirectionClusters.Means(points, Width, weights, Count, rounds));
    }

    [Fact]
    public void Means_AsManyAsPoints_AreThePoints()
    {
        var points = Points(12, 8, 3);
        Assert.Equal(points, DirectionClusters.Means(points, 8, Enumerable.Repeat(2, 12).ToArray(), 12, rounds: 4));
    }

    /// <summary>Three points in one direction, all of which go to the first of two means: (1 + 2 + 2·3) / 4.</summary>
    [Fact]
    public void Means_WithoutPoints_StayWhereTheyAre() => Assert.Equal([2.25f, 0, 2, 0], DirectionClusters.Means([1, 0, 2, 0, 3, 0], 2, [1, 1, 2], 2, rounds: 2));

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Means_CountThatPointsDoNotHave_IsRefused(int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DirectionClusters.Means([1, 0, 0, 1], 2, [1, 1], count, rounds: 1));

    private static float[] Points(int count, int width, ulong seed)
    {
        var random = new SplitMix64(seed);
        return [.. Enumerable.Range(0, count * width).Select(_ => (float)random.NextNormal())];
    }

    private static double[] Cosines(ReadOnlySpan<float> point, ReadOnlySpan<float> others, int width)
    {
        var cosines = new double[others.Length / width];
        for (var i = 0; i < cosines.Length; i++)
        {
            var (product, own, length) = (0.0, 0.0, 0.0);
            for (var j = 0; j < width; j++)
            {
                var other = others[(i * width) + j];
                product += (double)point[j] * other;
                own += (double)point[j] * point[j];
                length += (double)other * other;
            }

            cosines[i] = product / Math.Sqrt(own * length);
        }

        return cosines;
    }

    private static int Best(double[] cosines) => Array.IndexOf(cosines, cosines.Max());
}
