using MathNet.Numerics.Distributions;
using Rectune.Core.Numerics;
using Rectune.Core.Workloads;
using Xunit;

namespace Rectune.Tests.Workloads;

public sealed class ZipfSamplerTests
{
    private const int Draws = 300_000;

    [Theory]
    [InlineData(50, 0)]
    [InlineData(50, 0.6)]
    [InlineData(50, 1)]
    [InlineData(50, 1.05)]
    [InlineData(50, 1.5)]
    [InlineData(2, 1)]
    [InlineData(3, 0.000001)]
    [InlineData(7, 4)]
    public void Next_FewRanks_PassesChiSquare(int ranks, double alpha)
    {
        var weights = Enumerable.Range(1, ranks).Select(rank => Math.Pow(rank, -alpha)).ToArray();
        AssertChiSquare(Count(new ZipfSampler(ranks, alpha), ranks, rank => (int)rank - 1), [.. weights.Select(weight => weight / weights.Sum())]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.6)]
    [InlineData(1)]
    [InlineData(1.05)]
    [InlineData(1.5)]
    public void Next_AMillionRanks_PassesChiSquareByOctave(double alpha)
    {
        const int ranks = 1_000_000;
        var shares = new double[20];
        for (var rank = 1; rank <= ranks; rank++)
        {
            shares[(int)Math.Log2(rank)] += Math.Pow(rank, -alpha);
        }

        var total = shares.Sum();
        AssertChiSquare(Count(new ZipfSampler(ranks, alpha), shares.Length, rank => (int)Math.Log2(rank)), [.. shares.Select(share => share / total)]);
    }

    [Fact]
    public void Next_AHundredMillionRanksAtOne_PassesChiSquareByDecade()
    {
        // Harmonic numbers by Euler–Maclaurin: H(n) = ln n + γ + 1/(2n) − 1/(12 n²), good to 10⁻⁶ from n = 10 on.
        static double Harmonic(double n) => Math.Log(n) + 0.57721566490153286 + (1 / (2 * n)) - (1 / (12 * n * n));
        var total = Harmonic(1e8);
        var shares = Enumerable.Range(0, 8)
            .Select(decade => (Harmonic(Math.Pow(10, decade + 1)) - (decade == 0 ? 0 : Harmonic(Math.Pow(10, decade)))) / total).ToArray();
        // Decade d holds the ranks above 10^d up to 10^(d+1); rank 1 belongs to the first.
        AssertChiSquare(Count(new ZipfSampler(100_000_000, 1), 8, rank => rank == 1 ? 0 : (int)Math.Floor(Math.Log10(rank - 0.5))), shares);
    }

    [Fact]
    public void Next_OneRank_IsAlwaysOne()
    {
        var generator = new SplitMix64(1);
        var sampler = new ZipfSampler(1, 1.05);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(1, sampler.Next(ref generator)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(10, -0.1)]
    [InlineData(10, double.NaN)]
    public void Constructor_ImpossibleParameters_Refuses(long ranks, double alpha) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZipfSampler(ranks, alpha));

    private static int[] Count(ZipfSampler sampler, int bins, Func<long, int> bin)
    {
        var generator = new SplitMix64(77);
        var counts = new int[bins];
        for (var i = 0; i < Draws; i++)
        {
            counts[bin(sampler.Next(ref generator))]++;
        }

        return counts;
    }

    /// <summary>Bins that expect under 5 draws are pooled; p must exceed 0.001 for a seed that is fixed.</summary>
    private static void AssertChiSquare(int[] counts, double[] shares)
    {
        double statistic = 0, pooledExpected = 0, pooledCount = 0;
        var bins = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            pooledExpected += shares[i] * Draws;
            pooledCount += counts[i];
            if (pooledExpected >= 5)
            {
                statistic += (pooledCount - pooledExpected) * (pooledCount - pooledExpected) / pooledExpected;
                bins++;
                (pooledExpected, pooledCount) = (0, 0);
            }
        }

        var p = 1 - ChiSquared.CDF(bins - 1, statistic);
        Assert.True(p > 0.001, $"chi-square {statistic:F1} on {bins - 1} degrees of freedom, p = {p}");
    }
}
