using Rectune.Core.Numerics;
using Xunit;

namespace Rectune.Tests.Numerics;

public sealed class StableHashTests
{
    /// <summary>Test vectors of the algorithm's authors (draft-eastlake-fnv) for 64-bit FNV-1a.</summary>
    [Theory]
    [InlineData("", 0xCBF29CE484222325)]
    [InlineData("a", 0xAF63DC4C8601EC8C)]
    [InlineData("b", 0xAF63DF4C8601F1A5)]
    [InlineData("foobar", 0x85944171F73967E8)]
    public void Of_PublishedVectors_GiveThePublishedHashes(string text, ulong hash) => Assert.Equal(hash, StableHash.Of(text));

    /// <summary>ä is the octets C3 A4 in UTF-8; the hash of them follows the definition: xor, then multiply, octet by octet.</summary>
    [Fact]
    public void Of_TextBeyondAscii_HashesItsUtf8()
    {
        const ulong Prime = 0x100000001B3;
        Assert.Equal(unchecked((((0xCBF29CE484222325UL ^ 0xC3) * Prime) ^ 0xA4) * Prime), StableHash.Of("ä"));
    }
}
