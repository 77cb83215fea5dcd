using Rectune.Core.Numerics;
using Rectune.Engine.Serving;
using Xunit;

namespace Rectune.Tests.Serving;

public sealed class ScaleGroupsTests
{
    private const int Parts = 40;

    [Fact]
    public void Split_MagnitudesOfOneScale_AreOneGroup() => Assert.Equal([0, 0, 0], Split([1, 16, 4]));

    [Fact]
    public void Split_MagnitudesFarApart_AreGroupsFromTheLargest() => Assert.Equal([2, 0, 1, 2, 0], Split([1, 1e10f, 100, 2, 1e9f]));

    [Fact]
    public void Split_Zeros_GoWithTheSmallest() => Assert.Equal([1, 0, 1], Split([0, 1e10f, 1]));

    [Fact]
    public void Split_ZerosAlone_AreOneGroup() => Assert.Equal([0, 0], Split([0, 0]));

    [Fact]
    public void Split_PartsThatAreNotScored_AreInNoGroup() => Assert.Equal([-1, 0, -1], Split([float.NaN, 3, float.NaN]));

    [Fact]
    public void Split_NothingToScore_IsNoGroup()
    {
        var groups = new ScaleGroups(1);
        groups.Split([float.NaN]);
        Assert.Equal(0, groups.Count);
    }

    [Fact]
    public void Split_AnyMagnitudes_EveryPartIsInOneGroupOfItsScale()
    {
        var random = new SplitMix64(5);
        for (var round = 0; round < 500; round++)
        {
            float[] magnitudes = [.. Enumerable.Range(0, 1 + (int)random.NextInt64(Parts)).Select(_ => MathF.Pow(10, (float)(random.NextDouble() * 70) - 35))];
            var groups = new ScaleGroups(Parts);
            groups.Split(magnitudes);

            var members = magnitudes.Index().ToLookup(part => groups[part.Index], part => part.Item);
            Assert.Equal(Enumerable.Range(0, groups.Count), members.Select(group => group.Key).Order());
            Assert.All(members, group => Assert.InRange(group.Max() / group.Min(), 1, ScaleGroups.Spread * 1.0001f));

            // No two neighbouring groups could have been one: the fewest runs.
            Assert.All(members.Select(group => group.Max()).OrderDescending().Zip(members.Select(group => group.Max()).OrderDescending().Skip(1)), pair => Assert.True(pair.First > pair.Second * ScaleGroups.Spread));
        }
    }

    private static int[] Split(float[] magnitudes)
    {
        var groups = new ScaleGroups(magnitudes.Length);
        groups.Split(magnitudes);
        return [.. Enumerable.Range(0, magnitudes.Length).Select(part => groups[part])];
    }
}
