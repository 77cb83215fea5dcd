using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Formats;

public sealed class JsonGrammarTests
{
    /// <summary>Text, place and start of the message. Each is accepted by lenient readers.</summary>
    public static TheoryData<string, string, string> Breaches => new()
    {
        { "", "f.json(1,1)", "the file is empty" },
        { " \n ", "f.json(2,2)", "the file is empty" },
        { "{", "f.json(1,2)", "the file ends early" },
        { "{\"a\":1", "f.json(1,7)", "the file ends early" },
        { "{\"a\": \"x", "f.json(1,9)", "the file ends early" },
        { "{\"a\": tru", "f.json(1,10)", "the file ends early" },
        { "{\"a\": -", "f.json(1,8)", "the file ends early" },
        { "{\"a\": 1e", "f.json(1,9)", "the file ends early" },
        { "{\"a\": \"\\u12", "f.json(1,12)", "the file ends early" },
        { "{\n  \"a\": 1,\n}", "f.json(3,1)", "found '}', expected a member name" },
        { "{\"a\": [1,]}", "f.json(1,10)", "found ']', expected a value" },
        { "{\"a\": [,1]}", "f.json(1,8)", "found ',', expected a value" },
        { "{'a': 1}", "f.json(1,2)", "found ''', expected a member name" },
        { "{a: 1}", "f.json(1,2)", "found 'a', expected a member name" },
        { "{\"a\": NaN}", "f.json(1,7)", "found 'N', expected a value" },
        { "{\"a\": Infinity}", "f.json(1,7)", "found 'I', expected a value" },
        { "{\"a\": -Infinity}", "f.json(1,8)", "found 'I', expected a digit" },
        { "{\"a\": nul1}", "f.json(1,7)", "found 'n', expected a value" },
        { "{\"a\": 010}", "f.json(1,8)", "found '1', expected a number without leading zeros" },
        { "{\"a\": 0x1F}", "f.json(1,8)", "found 'x', expected ',' or '}'" },
        { "{\"a\": +1}", "f.json(1,7)", "found '+', expected a value" },
        { "{\"a\": .5}", "f.json(1,7)", "found '.', expected a value" },
        { "{\"a\": 1.}", "f.json(1,9)", "found '}', expected a digit" },
        { "{\"a\": 1 /* x */}", "f.json(1,9)", "found '/', expected ',' or '}'" },
        { "// x\n{}", "f.json(1,1)", "found '/', expected a value" },
        { "{\"a\": \"x\ny\"}", "f.json(1,9)", "found U+000A, expected a string that closes on its line" },
        { "{\"a\": \"\\x\"}", "f.json(1,9)", "found 'x', expected one of" },
        { "{\"a\" 1}", "f.json(1,6)", "found '1', expected ':'" },
        { "{\"a\": 1 \"b\": 2}", "f.json(1,9)", "found '\"', expected ',' or '}'" },
        { "{} {}", "f.json(1,4)", "found '{', expected nothing after the end" },
        { "{\"a\": new Date(1)}", "f.json(1,7)", "found 'n', expected a value" },
        { "[1]", "f.json(1,1): $", "found an array, expected an object" },
        { "\uFEFF{}", "f.json(1,1)", "found U+FEFF, expected a value" },
    };

    [Theory]
    [MemberData(nameof(Breaches))]
    public void Read_TextThatBreaksTheGrammar_IsRefusedWhereItBreaks(string text, string where, string what)
    {
        var problem = Assert.Single(Assert.Throws<InvalidInputException>(() => CardFormat.Read(text, "f.json")).Problems);
        Assert.Equal(where, problem.Where);
        Assert.StartsWith(what, problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NestingBeyondTheLimit_IsRefusedWithoutExhaustingTheStack()
    {
        var text = "{\"a\":" + new string('[', 1_000_000);
        var problem = Assert.Single(Assert.Throws<InvalidInputException>(() => CardFormat.Read(text, "f.json")).Problems);
        Assert.Equal("f.json(1,37)", problem.Where);
        Assert.Contains("deeper than 32", problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EveryEscape_IsDecoded()
    {
        var text = CardFormat.Write(SampleRecords.Card()).Replace("two tables", """\"\\\/\b\f\n\r\tA\u00e9\ud83d\ude00""", StringComparison.Ordinal);
        Assert.Equal("\"\\/\b\f\n\r\tAé😀", CardFormat.Read(text, "f.json").Description);
    }
}
