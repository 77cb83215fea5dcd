using Rectune.Core.Domain;
using Xunit;

namespace Rectune.Tests.Domain;

public sealed class SpellingTests
{
    private static readonly string[] Known = ["memoryMax", "budget", "seed", "sla"];

    [Theory]
    [InlineData("memorymax", "memoryMax")]
    [InlineData("memroyMax", "memoryMax")]
    [InlineData("buget", "budget")]
    [InlineData("sal", "sla")]
    [InlineData("sede", "seed")]
    [InlineData("colour", null)]
    [InlineData("", null)]
    public void Closest_Word_IsTheNearestOrNone(string word, string? expected) => Assert.Equal(expected, Spelling.Closest(word, Known));

    [Fact]
    public void Advice_NothingNear_ListsWhatIsKnown() => Assert.Equal("known: memoryMax, budget, seed, sla", Spelling.Advice("colour", Known));
}
