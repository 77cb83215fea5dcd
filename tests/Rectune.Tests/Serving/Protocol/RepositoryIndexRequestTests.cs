using System.Text;
using Rectune.Engine.Serving.Protocol;
using Xunit;

namespace Rectune.Tests.Serving.Protocol;

public sealed class RepositoryIndexRequestTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("{}", false)]
    [InlineData("""{"ready":false}""", false)]
    [InlineData("""{"ready":true}""", true)]
    [InlineData("""{"other":[1],"ready":true}""", true)]
    public void Read_Valid_SaysWhatIsAsked(string body, bool expected)
    {
        Assert.Null(RepositoryIndexRequest.Read(Encoding.UTF8.GetBytes(body), out var readyOnly));
        Assert.Equal(expected, readyOnly);
    }

    [Theory]
    [InlineData("[]", "body: expected an object")]
    [InlineData("""{"ready":1}""", "ready: expected true or false")]
    [InlineData("{\n\"ready\":}", "body(line 2, column 9): found malformed JSON")]
    [InlineData("\u00ff\u0000", "found malformed JSON")]
    public void Read_Bad_SaysWhatIsWrong(string body, string expected) =>
        Assert.Contains(expected, RepositoryIndexRequest.Read(Encoding.Latin1.GetBytes(body), out _), StringComparison.Ordinal);
}
