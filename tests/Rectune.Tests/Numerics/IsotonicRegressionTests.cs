using Rectune.Core.Numerics;
using Xunit;

namespace Rectune.Tests.Numerics;

public sealed class IsotonicRegressionTests
{
    [Fact]
    public void Fit_OneViolation_PoolsThePair()
    {
        double[] values = [1, 4, 2, 5];
        IsotonicRegression.Fit(values);
        Assert.Equal([1, 3, 3, 5], values);
    }

    [Fact]
    public void Fit_RandomSequences_EqualsTheMinMaxFormula()
    {
        var random = new SplitMix64(5);
        for (var trial = 0; trial < 200; trial++)
        {
            var values = new double[1 + random.NextInt64(12)];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = random.NextNormal() + (0.3 * i);
            }

            var expected = MinMax(values);
            IsotonicRegression.Fit(values);
            Assert.All(values.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 9));
        }
    }

    // Fit of element i: max over a ≤ i of min over b ≥ i of the mean of a … b (Barlow et al., section 1.4).
    private static double[] MinMax(double[] y) =>
        [.. y.Select((_, i) => Enumerable.Range(0, i + 1).Max(a => Enumerable.Range(i, y.Length - i).Min(b => y[a..(b + 1)].Average())))];
}
