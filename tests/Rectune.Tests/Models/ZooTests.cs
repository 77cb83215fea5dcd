using Rectune.Core.Formats;
using Rectune.Core.Models;
using Xunit;

namespace Rectune.Tests.Models;

public sealed class ZooTests
{
    [Fact]
    public void Names_AreOrderedAndHoldDlrm()
    {
        Assert.Contains("dlrm", Zoo.Names);
        Assert.Equal(Zoo.Names.Order(StringComparer.Ordinal), Zoo.Names);
    }

    [Fact]
    public void TryGetText_EveryName_IsAValidCardOfThatName() =>
        Assert.All(Zoo.Names, name =>
        {
            Assert.True(Zoo.TryGetText(name, out var json));
            Assert.Equal(name, CardFormat.Read(json, name).Name);
        });

    [Theory]
    [InlineData("dlrn")]
    [InlineData("")]
    [InlineData("DLRM")]
    [InlineData("../zoo/dlrm")]
    public void TryGetText_UnknownName_IsFalse(string name) => Assert.False(Zoo.TryGetText(name, out _));
}
