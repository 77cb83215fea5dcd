using Rectune.Core.Numerics;
using Xunit;

namespace Rectune.Tests.Numerics;

public sealed class BatchMeansTests
{
    [Fact]
    public void Of_ThreeBatchesOfTwo_MatchesHandCalculation()
    {
        // Batch means 2, 5, 8: mean 5, variance 9, standard error √(9/3).
        var means = BatchMeans.Of([1, 3, 4, 6, 8, 8], 3);

        Assert.Equal(5, means.Mean, 12);
        Assert.Equal(Math.Sqrt(3), means.StandardError, 12);
    }

    [Fact]
    public void Of_UnevenLengths_MeanIsThatOfAllValues() => Assert.Equal(4, BatchMeans.Of([1, 2, 3, 4, 5, 6, 7], 3).Mean, 12);

    [Fact]
    public void Of_CorrelatedSeries_SeesTheTrueError()
    {
        // x' = 0.9 x + noise of variance 1: the mean of n values has variance 1/(1 − 0.9)²/n (Law, section 4.4), 19 times that of independent draws.
        const int N = 40_000;
        var random = new SplitMix64(3);
        var values = new double[N];
        double x = 0, sum = 0;
        for (var trial = 0; trial < 20; trial++)
        {
            for (var i = 0; i < N; i++)
            {
                x = (0.9 * x) + random.NextNormal();
                values[i] = x;
            }

            sum += Math.Pow(BatchMeans.Of(values, 40).StandardError, 2);
        }

        // Each squared error has relative spread √(2/39); the mean of 20 has 5 %.
        Assert.InRange(sum / 20 / (100.0 / N), 0.8, 1.2);
    }
}
