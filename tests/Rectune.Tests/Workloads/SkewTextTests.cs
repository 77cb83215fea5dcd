using Rectune.Core.Domain;
using Rectune.Core.Workloads;
using Xunit;

namespace Rectune.Tests.Workloads;

public sealed class SkewTextTests
{
    [Theory]
    [InlineData("uniform", SkewKind.Uniform, null, null)]
    [InlineData("zipf:0", SkewKind.Uniform, null, null)]
    [InlineData("zipf:1.05", SkewKind.Zipf, 1.05, null)]
    [InlineData("zipf:10", SkewKind.Zipf, 10.0, null)]
    [InlineData("trace:a b/c:d.txt", SkewKind.Trace, null, "a b/c:d.txt")]
    public void TryParse_WellFormed_IsThatSkew(string text, SkewKind kind, double? exponent, string? file)
    {
        Assert.True(SkewText.TryParse(text, out var skew, out var problem), problem);
        Assert.Equal((kind, exponent, file), (skew.Kind, skew.ZipfExponent, skew.DataFile));
    }

    [Theory]
    [InlineData("unifrom", "found 'unifrom', expected one of uniform, zipf:ALPHA, trace:FILE; did you mean 'uniform'?")]
    [InlineData("zipf:", "found 'zipf:', expected zipf:ALPHA with an exponent from 0 to 10")]
    [InlineData("zipf:-1", "found 'zipf:-1', expected zipf:ALPHA with an exponent from 0 to 10")]
    [InlineData("zipf:10.1", "found 'zipf:10.1', expected zipf:ALPHA with an exponent from 0 to 10")]
    [InlineData("zipf:NaN", "found 'zipf:NaN', expected zipf:ALPHA with an exponent from 0 to 10")]
    [InlineData("zipf:1,05", "found 'zipf:1,05', expected zipf:ALPHA with an exponent from 0 to 10")]
    [InlineData("trace:", "found 'trace:', expected trace:FILE with the file of an access trace")]
    [InlineData("", "found '', expected one of uniform, zipf:ALPHA, trace:FILE")]
    public void TryParse_Malformed_SaysWhatWasExpected(string text, string expected)
    {
        Assert.False(SkewText.TryParse(text, out _, out var problem));
        Assert.Equal(expected, problem);
    }
}
