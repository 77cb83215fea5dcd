using Rectune.Engine.Kernels;
using Xunit;

namespace Rectune.Tests.Kernels;

public sealed class IndexCheckTests
{
    [Fact]
    public void FirstOutside_OneBadIdAtAnyPosition_IsFound()
    {
        foreach (var bad in new[] { -1, int.MinValue, 100, int.MaxValue })
        {
            for (var length = 1; length < 40; length++)
            {
                for (var position = 0; position < length; position++)
                {
                    var ids = Enumerable.Range(0, length).Select(i => i % 100).ToArray();
                    ids[position] = bad;
                    Assert.Equal(position, IndexCheck.FirstOutside(ids, 100));
                }
            }
        }
    }

    [Fact]
    public void FirstOutside_TwoBadIds_GivesTheFirst() => Assert.Equal(1, IndexCheck.FirstOutside([0, 7, 3, -2], 7));

    [Fact]
    public void FirstOutside_AllInside_IsMinusOne()
    {
        Assert.Equal(-1, IndexCheck.FirstOutside([], 5));
        Assert.Equal(-1, IndexCheck.FirstOutside([0, 4, 2, 3, 1, 4, 4, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0, 4], 5));
    }

    [Fact]
    public void FirstOutside_TableLargerThanIdsReach_RefusesOnlyNegatives()
    {
        Assert.Equal(-1, IndexCheck.FirstOutside([int.MaxValue, 0], 5_000_000_000));
        Assert.Equal(1, IndexCheck.FirstOutside([int.MaxValue, -1], 5_000_000_000));
    }
}
