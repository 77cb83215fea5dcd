using System.Numerics;
using Rectune.Core.Domain;
using Rectune.Core.Models;
using Xunit;

namespace Rectune.Tests.Models;

public sealed class DheHashesTests
{
    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 5)]
    [InlineData(7, 11)]
    [InlineData(1000, 1009)]
    [InlineData(65_536, 65_537)]
    [InlineData(1_000_000, 1_000_003)]
    [InlineData(16_777_216, 16_777_259)]
    public void Prime_IsTheSmallestAboveTheRange(int range, int prime) => Assert.Equal(prime, DheHashes.Draw("C1", 1, 1, range).Prime);

    /// <summary>By hand, m = 10 and p = 11: 7·1234567 + 4 = 8641973 = 785633·11 + 10 → 0; 2·3 + 10 = 16 → 5; int.MaxValue mod 11 = 1, 7·1 + 4 = 11 → 0.</summary>
    [Theory]
    [InlineData(7, 4, 1_234_567, 0)]
    [InlineData(2, 10, 3, 5)]
    [InlineData(7, 4, int.MaxValue, 0)]
    [InlineData(1, 0, 0, 0)]
    public void Hash_SmallPrime_EqualsTheSumByHand(uint a, uint b, int id, int expected) => Assert.Equal(expected, new DheHashes(10, [a], [b]).Hash(0, id));

    [Fact]
    public void Hash_LargestParametersAndId_EqualsBigIntegers()
    {
        const uint largest = 16_777_258;
        var hashes = new DheHashes(DheHashes.LargestRange, [largest], [largest]);
        var expected = ((largest * (BigInteger)int.MaxValue) + largest) % 16_777_259 % DheHashes.LargestRange;
        Assert.Equal((int)expected, hashes.Hash(0, int.MaxValue));
    }

    [Fact]
    public void Draw_SameSeedAndName_IsTheSame()
    {
        var first = DheHashes.Draw("C1", 100, 5);
        var second = DheHashes.Draw("C1", 100, 5);
        Assert.True(first.Multipliers.SequenceEqual(second.Multipliers));
        Assert.True(first.Addends.SequenceEqual(second.Addends));
    }

    [Fact]
    public void Draw_OtherSeedOrName_Differs()
    {
        var first = DheHashes.Draw("C1", 100, 5);
        Assert.False(first.Multipliers.SequenceEqual(DheHashes.Draw("C1", 100, 6).Multipliers));
        Assert.False(first.Multipliers.SequenceEqual(DheHashes.Draw("C2", 100, 5).Multipliers));
    }

    /// <summary>Files of trained decoders depend on these parameters: they must never change.</summary>
    [Fact]
    public void Draw_KnownSeed_StaysAsItWas()
    {
        var hashes = DheHashes.Draw("C1", 2, 1);
        Assert.Equal([418753u, 968177u], hashes.Multipliers.ToArray());
        Assert.Equal([709850u, 798925u], hashes.Addends.ToArray());
    }

    [Fact]
    public void Draw_SmallRange_ReachesEveryAllowedParameter()
    {
        var hashes = DheHashes.Draw("C1", 200, 3, 4);
        Assert.Equal([1u, 2u, 3u, 4u], hashes.Multipliers.ToArray().Distinct().Order());
        Assert.Equal([0u, 1u, 2u, 3u, 4u], hashes.Addends.ToArray().Distinct().Order());
    }

    /// <summary>A universal family collides on two ids with probability at most about 1/m: of 20,000 pairs at m = 1000, 20 ± 5 standard errors (22).</summary>
    [Fact]
    public void Hash_TwoIds_CollideAsRarelyAsPromised()
    {
        var hashes = DheHashes.Draw("C1", 20_000, 9, 1000);
        Assert.InRange(Enumerable.Range(0, hashes.Count).Count(j => hashes.Hash(j, 17) == hashes.Hash(j, 123_456_789)), 1, 42);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData((1 << 24) + 1)]
    [InlineData(int.MaxValue)]
    public void Draw_RangeOutsideLimits_SaysWhichRangeIsExpected(int range)
    {
        var refused = Assert.Throws<InvalidInputException>(() => DheHashes.Draw("C1", 8, 1, range));
        Assert.Contains($"found {range}", refused.Message);
        Assert.Contains("16777216", refused.Message);
    }

    [Fact]
    public void Constructor_ParametersOutsideLimits_Refuses()
    {
        Assert.Throws<InvalidInputException>(() => new DheHashes(10, [0], [0]));
        Assert.Throws<InvalidInputException>(() => new DheHashes(10, [11], [0]));
        Assert.Throws<InvalidInputException>(() => new DheHashes(10, [1], [11]));
        Assert.Throws<InvalidInputException>(() => new DheHashes(10, [1, 2], [1]));
        Assert.Throws<InvalidInputException>(() => new DheHashes(10, [], []));
        Assert.Throws<InvalidInputException>(() => DheHashes.Draw("C1", 0, 1));
    }

    [Fact]
    public void Hash_NegativeId_Refuses() => Assert.Throws<ArgumentOutOfRangeException>(() => DheHashes.Draw("C1", 1, 1).Hash(0, -1));
}
