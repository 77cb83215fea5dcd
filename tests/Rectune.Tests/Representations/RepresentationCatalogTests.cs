using Rectune.Core.Domain;
using Rectune.Core.Representations;
using Xunit;

namespace Rectune.Tests.Representations;

public sealed class RepresentationCatalogTests
{
    public static TheoryData<string> Kinds => [.. RepresentationCatalog.Kinds.Select(kind => kind.Kind)];

    [Theory]
    [InlineData("dehe", "found 'dehe', expected one of table, dhe, select, hybrid, materialized, qr, tt; did you mean 'dhe'?")]
    [InlineData("", "found ''")]
    [InlineData("dhe (k=4)", "found 'dhe '")]
    [InlineData("dhe(kk=4)", "parameter: found 'kk', expected one of k, range, encoding, decoder, activation, norm")]
    [InlineData("dhe(decodr=4)", "did you mean 'decoder'?")]
    [InlineData("table(k=4)", "found the parameter 'k', 'table' has none")]
    [InlineData("dhe(k=0)", "found k '0', expected a whole number from 1 to 32768")]
    [InlineData("dhe(k=+4)", "found k '+4', expected a whole number")]
    [InlineData("dhe(k=1e3)", "found k '1e3', expected a whole number")]
    [InlineData("dhe(k=)", "found k '', expected a whole number")]
    [InlineData("dhe(range=16777217)", "expected a whole number from 2 to 16777216")]
    [InlineData("dhe(encoding=normal)", "found encoding 'normal', expected one of uniform, gaussian")]
    [InlineData("dhe(decoder=none)", "found decoder 'none', expected 1 to 16 whole numbers")]
    [InlineData("dhe(decoder=5-)", "found decoder '5-'")]
    [InlineData("dhe(decoder=5--5)", "found decoder '5--5'")]
    [InlineData("dhe(decoder=0)", "found decoder '0'")]
    [InlineData("select(features=)", "found features '', expected names joined by '+'")]
    [InlineData("qr(collisions=1)", "found collisions '1', expected a whole number from 2 to 1048576")]
    [InlineData("tt(rank=257)", "found rank '257', expected a whole number from 1 to 256")]
    [InlineData("dhe(k=4,k=4)", "found 'k=4' in 'dhe(k=4,k=4)', expected name=value, every name once")]
    [InlineData("dhe(k)", "found 'k' in 'dhe(k)', expected name=value")]
    [InlineData("dhe(=4)", "found '=4' in")]
    [InlineData("dhe(k=4,)", "found '' in 'dhe(k=4,)', expected name=value")]
    [InlineData("dhe(k=4", "found 'dhe(k=4', expected ')' at its end")]
    [InlineData("dhe(", "expected ')' at its end")]
    public void Parse_Malformed_SaysWhatIsExpected(string text, string expected)
    {
        var refused = Assert.Throws<InvalidInputException>(() => RepresentationCatalog.Parse(text, "here"));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.All(refused.Problems, problem => Assert.Equal("here", problem.Where));
    }

    [Fact]
    public void Parse_SeveralBadParameters_AreAllTold() =>
        Assert.Equal(3, Assert.Throws<InvalidInputException>(() => RepresentationCatalog.Parse("dhe(k=0,norm=x,y=1)", "here")).Problems.Count);

    [Theory]
    [InlineData("table", "table")]
    [InlineData("dhe()", "dhe")]
    [InlineData("dhe( k = 8 , decoder = 4-2 )", "dhe(decoder=4-2,k=8)")]
    [InlineData("select(rows=5,features=a+b,k=3)", "select(features=a+b,k=3,rows=5)")]
    [InlineData("tt(rank=1,above=0)", "tt(above=0,rank=1)")]
    public void Parse_Good_ComesBackFromItsId(string text, string id)
    {
        var representation = RepresentationCatalog.Parse(text, "here");
        Assert.Equal(id, representation.Id());
        Assert.Equal(representation, RepresentationCatalog.Parse(id, "here"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Parse_EveryParameterAtItsDefault_IsGoodAndRoundTrips(string kind)
    {
        var parameters = RepresentationCatalog.Kinds.Single(k => k.Kind == kind).Parameters;
        var text = parameters.Count == 0 ? kind : $"{kind}({string.Join(',', parameters.Select(p => $"{p.Name}={p.Default}"))})";
        Assert.Equal(text.Length, RepresentationCatalog.Parse(text, "here").Id().Length);
        Assert.Equal(kind, RepresentationCatalog.Parse(kind, "here").Id());
    }
}
