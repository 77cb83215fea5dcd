using Rectune.Core.Numerics;
using Rectune.Engine.Serving;
using Xunit;

namespace Rectune.Tests.Serving;

public sealed class LargePartsTests
{
    private const int Parts = 40;

    [Theory]
    [InlineData(new float[] { 1, 16, 4 }, new bool[] { false, false, false })]
    [InlineData(new float[] { 1, 1e10f, 16.1f, 2, 100 }, new bool[] { false, true, true, false, true })]
    [InlineData(new float[] { 0, 1e-9f, 15 }, new bool[] { false, false, false })]
    [InlineData(new float[] { 1e5f, 1.5e6f, 1.7e6f }, new bool[] { false, false, true })]
    [InlineData(new float[] { 1, float.NaN, float.PositiveInfinity }, new bool[] { false, true, true })]
    [InlineData(new float[] { float.NaN }, new bool[] { true })]
    public void Find_Magnitudes_LargeAreThoseFarAboveTheSmallest(float[] magnitudes, bool[] expected) => Assert.Equal(expected, Find(magnitudes));

    [Fact]
    public void Find_AnyMagnitudes_TheRestIsOfOneScaleAndNobodyOfItIsLeftOut()
    {
        var random = new SplitMix64(5);
        for (var round = 0; round < 500; round++)
        {
            float[] magnitudes = [.. Enumerable.Range(0, 1 + (int)random.NextInt64(Parts)).Select(_ => MathF.Pow(10, (float)(random.NextDouble() * 12) - 6))];
            var found = Find(magnitudes);

            var floored = magnitudes.Select(magnitude => Math.Max(magnitude, LargeParts.Ordinary));
            var rest = floored.Where((_, i) => !found[i]).ToArray();
            var large = floored.Where((_, i) => found[i]).ToArray();
            Assert.True(rest.Max() / rest.Min() <= LargeParts.Spread);
            Assert.All(large, magnitude => Assert.True(magnitude / rest.Min() > LargeParts.Spread));
        }
    }

    private static bool[] Find(float[] magnitudes)
    {
        var large = new LargeParts(Parts);
        large.Find(magnitudes);
        bool[] found = [.. Enumerable.Range(0, magnitudes.Length).Select(part => large[part])];
        Assert.Equal(found.Contains(true), large.Any);
        return found;
    }
}
