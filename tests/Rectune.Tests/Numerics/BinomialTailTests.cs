using Rectune.Core.Numerics;
using Xunit;

namespace Rectune.Tests.Numerics;

public sealed class BinomialTailTests
{
    [Theory]
    [InlineData(3, 10, 0.3)]
    [InlineData(0, 5, 0.5)]
    [InlineData(19, 20, 0.9)]
    public void AtMost_SmallCounts_IsTheSumOfProbabilities(int k, int n, double share)
    {
        double sum = 0, term = Math.Pow(1 - share, n);
        for (var i = 0; i <= k; i++)
        {
            sum += term;
            term *= (double)(n - i) / (i + 1) * share / (1 - share);
        }

        Assert.Equal(sum, BinomialTail.AtMost(k, n, share), 12);
        Assert.Equal(1 - sum, BinomialTail.AtLeast(k + 1, n, share), 12);
    }

    // MLPerf early stopping; 459 and 662 are quoted in its rules, the others follow from the same rule.
    [Theory]
    [InlineData(0, 0.01, 0.99, 459)]
    [InlineData(1, 0.01, 0.99, 662)]
    [InlineData(100, 0.01, 0.99, 12_571)]
    [InlineData(0, 0.1, 0.99, 44)]
    [InlineData(10, 0.05, 0.99, 398)]
    [InlineData(0, 0.001, 0.99, 4_603)]
    [InlineData(5, 0.01, 0.95, 1_049)]
    public void TrialsToClaim_PublishedCases_Match(int failures, double share, double confidence, long expected) =>
        Assert.Equal(expected, BinomialTail.TrialsToClaim(failures, share, confidence));
}
