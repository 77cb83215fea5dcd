using Rectune.Engine.Serving.Http;
using Xunit;

namespace Rectune.Tests.Serving.Http;

public sealed class RequestBlocksTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(4096)]
    [InlineData(RequestBlocks.BlockBytes)]
    public void Rent_UpToABlock_IsAWholeBlock(int bytes)
    {
        using var pool = new RequestBlocks();
        using var block = pool.Rent(bytes);
        Assert.Equal(RequestBlocks.BlockBytes, block.Memory.Length);
    }

    [Fact]
    public void Rent_MoreThanABlock_IsRefused()
    {
        using var pool = new RequestBlocks();
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(RequestBlocks.BlockBytes + 1));
    }

    [Fact]
    public void Dispose_Twice_LendsTheBlockToOneOnly()
    {
        using var pool = new RequestBlocks();
        var block = pool.Rent();
        block.Dispose();
        block.Dispose();
        Assert.Equal(1, pool.Idle);
        using var first = pool.Rent();
        using var second = pool.Rent();
        Assert.False(first.Memory.Span.Overlaps(second.Memory.Span));
    }

    [Fact]
    public void Rent_AfterReturn_ReusesTheBlock()
    {
        using var pool = new RequestBlocks();
        var block = pool.Rent();
        block.Memory.Span[17] = 42;
        block.Dispose();
        using var again = pool.Rent();
        Assert.Equal(42, again.Memory.Span[17]);
    }
}
