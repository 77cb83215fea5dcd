using Rectune.Core.Numerics;
using Rectune.Core.Workloads;
using Xunit;

namespace Rectune.Tests.Workloads;

public sealed class SkewEstimateTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    [InlineData(1)]
    [InlineData(1.05)]
    [InlineData(1.5)]
    public void FromCounts_SampledZipf_RecoversTheExponent(double alpha)
    {
        // A large table whose tail is never or rarely seen, a middle one and a tiny one, all of one exponent.
        var counts = new[] { 2_000_000, 20_000, 10 }.Select(rows => Sample(rows, alpha, 500_000)).ToArray();
        Assert.Equal(alpha, SkewEstimate.FromCounts(counts).ZipfExponent!.Value, 0.03);
    }

    [Fact]
    public void FromCounts_Uniform_IsNearZero() =>
        Assert.InRange(SkewEstimate.FromCounts([Sample(500, 0, 500_000)]).ZipfExponent!.Value, 0, 0.05);

    [Fact]
    public void FromCounts_ExactZipfCounts_RecoversTheExponentClosely()
    {
        // Counts proportional to r^-1.2, rounded, in a scrambled order with gaps: the likelihood's maximum is the exponent itself but for rounding.
        var counts = new int[4000];
        for (var rank = 1; rank <= 1000; rank++)
        {
            counts[rank * 2579 % 4000] = (int)Math.Round(1e6 * Math.Pow(rank, -1.2));
        }

        Assert.Equal(1.2, SkewEstimate.FromCounts([counts]).ZipfExponent!.Value, 0.001);
    }

    [Fact]
    public void FromCounts_HandCounted_GivesShares()
    {
        // 151 distinct ids, 1000 lookups; the two hottest (1 % of 151, rounded up) have 400 and 300.
        var first = Enumerable.Repeat(2, 75).Prepend(400).ToArray();
        var second = Enumerable.Repeat(2, 73).Append(0).Append(4).Append(300).Append(0).ToArray();
        Assert.Equal(151, first.Length + second.Count(count => count > 0));
        var estimate = SkewEstimate.FromCounts([first, second]);
        Assert.Equal(151.0 / 1000, estimate.DistinctShare, 1e-12);
        Assert.Equal(0.7, estimate.HottestPercentShare, 1e-12);
    }

    [Fact]
    public void FromCounts_EveryIdOnce_HasNoExponent()
    {
        var estimate = SkewEstimate.FromCounts([Enumerable.Repeat(1, 100).ToArray()]);
        Assert.Null(estimate.ZipfExponent);
        Assert.Equal(1, estimate.DistinctShare);
        Assert.Equal(0.01, estimate.HottestPercentShare);
    }

    [Fact]
    public void FromCounts_NoLookups_Refuses() => Assert.Throws<ArgumentException>(() => SkewEstimate.FromCounts([[0, 0], []]));

    private static int[] Sample(int rows, double alpha, int lookups)
    {
        var generator = SplitMix64.For(31, (ulong)rows);
        var sampler = new ZipfSampler(rows, alpha);
        var scatter = new RankScatter(rows, 8);
        var counts = new int[rows];
        for (var i = 0; i < lookups; i++)
        {
            counts[scatter.Row(sampler.Next(ref generator) - 1)]++;
        }

        return counts;
    }
}
