using Rectune.Core.Formats;
using Xunit;

namespace Rectune.Tests.Formats;

public sealed class CommaListTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData(" a , b ", "a|b")]
    [InlineData("a,", "a|")]
    [InlineData("dhe(k=2,hidden=8),table", "dhe(k=2,hidden=8)|table")]
    [InlineData("f(g(1,2),3),4", "f(g(1,2),3)|4")]
    public void Split_Text_PartsAtCommasOutsideOfParentheses(string text, string parts) => Assert.Equal(parts.Split('|'), CommaList.Split(text));
}
