using Rectune.Core.Numerics;
using Xunit;

namespace Rectune.Tests.Numerics;

public sealed class PowerLawTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(0.8)]
    [InlineData(0.999999)]
    [InlineData(1)]
    [InlineData(1.05)]
    [InlineData(1.2)]
    [InlineData(2)]
    [InlineData(10)]
    public void Sum_AnyExponent_EqualsTheTermsOneByOne(double alpha)
    {
        var (sum, rest) = (0.0, 0.0);
        for (var n = 1; n <= 300_000; n++)
        {
            // Kahan's summation: naive rounding would outweigh what is tested.
            var term = Math.Pow(n, -alpha) - rest;
            var next = sum + term;
            rest = next - sum - term;
            sum = next;
            if (n is < 70 or 1000 or 300_000)
            {
                Assert.Equal(1, PowerLaw.Sum(alpha, n) / sum, 1e-12);
            }
        }
    }

    [Fact]
    public void Sum_HarmonicOfAHundredMillion_IsTheKnownNumber() =>
        // H(10⁸) = ln 10⁸ + γ + 1 / (2 · 10⁸) − …
        Assert.Equal(18.997896413853898, PowerLaw.Sum(1, 100_000_000), 1e-11);

    [Fact]
    public void Sum_NoTerms_IsZero() => Assert.Equal(0, PowerLaw.Sum(1.05, 0));

    [Theory]
    [InlineData(0, 5, 4)]
    [InlineData(2, 4, 0.75)]
    [InlineData(0.5, 9, 4)]
    [InlineData(1, Math.E, 1)]
    [InlineData(1.000001, Math.E, 0.9999995)]
    public void Integral_KnownPowers_MatchesHandCalculation(double alpha, double x, double expected) => Assert.Equal(expected, PowerLaw.Integral(alpha, x), 1e-12);
}
