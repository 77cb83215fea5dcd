using System.Security.Cryptography;
using System.Text;
using Rectune.Core.Domain;
using Rectune.Engine.Data;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Data;

public sealed class CriteoReaderTests
{
    [Theory]
    [InlineData("\n", true)]
    [InlineData("\r\n", true)]
    [InlineData("\n", false)]
    [InlineData("\r\n", false)]
    public void Read_TwoRows_GivesValuesAndGaps(string lineEnd, bool endsInLineEnd)
    {
        var first = ClickLog.Line("1", ["0", "-3", "2147483647", "-2147483648"], ["68fd1e64", "ABCDEF12", "f"]);
        var text = first + lineEnd + ClickLog.Line("0", [], []) + (endsInLineEnd ? lineEnd : "");
        var rows = ReadAll(text, out var reader);
        Assert.Equal(2, rows.Count);
        Assert.Equal(1, rows[0].Label);
        Assert.Equal([0, -3, int.MaxValue, int.MinValue, .. Enumerable.Repeat<int?>(null, 9)], rows[0].Integers);
        Assert.Equal([0x68fd1e64u, 0xABCDEF12u, 0xfu, .. Enumerable.Repeat<uint?>(null, 23)], rows[0].Categories);
        Assert.Equal(0, rows[1].Label);
        Assert.All(rows[1].Integers, value => Assert.Null(value));
        Assert.All(rows[1].Categories, value => Assert.Null(value));
        Assert.Equal(2, reader.Rows);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), reader.Sha256);
    }

    [Fact]
    public void Read_StreamThatGivesFewBytes_GivesTheSameRows()
    {
        // Longer than the reader's buffer, handed out 997 bytes at a time, so that lines are cut everywhere.
        var text = string.Concat(Enumerable.Range(0, 6000).Select(i => ClickLog.Line("0", [$"{i}"], [$"{i:x8}"]) + "\n"));
        Assert.True(text.Length > 300_000);
        using var reader = new CriteoReader(new Dripping(Encoding.UTF8.GetBytes(text), 997), "clicks.tsv");
        var row = new CriteoRow();
        for (var i = 0; i < 6000; i++)
        {
            Assert.True(reader.Read(row));
            Assert.Equal(i, row.Integers[0]);
            Assert.Equal((uint)i, row.Categories[0]);
        }

        Assert.False(reader.Read(row));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), reader.Sha256);
    }

    [Theory]
    [InlineData("2", "", "", 1, "found '2', expected the label 0 or 1")]
    [InlineData("", "", "", 1, "found '', expected the label 0 or 1")]
    [InlineData("0", "1.5", "", 3, "found '1.5', expected a whole number from -2147483648 to 2147483647, or nothing, in integer feature 1")]
    [InlineData("0", "+5", "", 3, "found '+5', expected a whole number from -2147483648 to 2147483647, or nothing, in integer feature 1")]
    [InlineData("0", "-", "", 3, "found '-', expected a whole number from -2147483648 to 2147483647, or nothing, in integer feature 1")]
    [InlineData("0", " 5", "", 3, "found ' 5', expected a whole number from -2147483648 to 2147483647, or nothing, in integer feature 1")]
    [InlineData("0", "2147483648", "", 3, "found '2147483648', expected a whole number from -2147483648 to 2147483647, or nothing, in integer feature 1")]
    [InlineData("0", "99999999999999999999999", "", 3, "found '99999999999999999999999', expected a whole number from -2147483648 to 2147483647, or nothing, in integer feature 1")]
    [InlineData("0", "", "0123456789", 16, "found '0123456789', expected up to 8 hexadecimal digits, or nothing, in category C1")]
    [InlineData("0", "7", "xyz", 17, "found 'xyz', expected up to 8 hexadecimal digits, or nothing, in category C1")]
    [InlineData("0", "", "\u001b[2J", 16, "found '\\x1B[2J', expected up to 8 hexadecimal digits, or nothing, in category C1")]
    public void Read_BadField_NamesLineAndColumn(string label, string integer, string category, int column, string expected)
    {
        var text = ClickLog.Line("0", [], []) + "\n" + ClickLog.Line(label, [integer], [category]) + "\n";
        var problem = Assert.Single(Problems(text));
        Assert.Equal($"clicks.tsv(2,{column})", problem.Where);
        Assert.Equal(expected, problem.What);
    }

    [Theory]
    [InlineData("1\t2", 2)]
    [InlineData("", 1)]
    [InlineData("1,2,3", 1)]
    public void Read_WrongFieldCount_SaysFoundAndExpected(string badLine, int found)
    {
        var problem = Assert.Single(Problems(ClickLog.Line("0", [], []) + "\n" + badLine + "\n" + ClickLog.Line("1", [], [])));
        Assert.Equal("clicks.tsv(2,1)", problem.Where);
        Assert.StartsWith($"found {found} field", problem.What);
        Assert.Contains("expected 40 fields separated by tabs", problem.What);
    }

    [Fact]
    public void Read_FortyOneFields_IsRefused() =>
        Assert.StartsWith("found 41 fields", Assert.Single(Problems(ClickLog.Line("0", [], []) + "\t\n")).What);

    [Fact]
    public void Read_SeveralProblems_ReportsAllOfThem()
    {
        var problems = Problems(ClickLog.Line("x", ["y"], ["z"]) + "\n" + ClickLog.Line("0", [], []) + "\nshort\n");
        Assert.Equal(["clicks.tsv(1,1)", "clicks.tsv(1,3)", "clicks.tsv(1,17)", "clicks.tsv(3,1)"], problems.Select(problem => problem.Where));
    }

    [Fact]
    public void Read_ManyProblems_StopsAtTwentyAndSaysSo()
    {
        var problems = Problems(string.Concat(Enumerable.Repeat("bad\n", 500)));
        Assert.Equal(20, problems.Count);
        Assert.Equal("clicks.tsv(20,1)", problems[^1].Where);
        Assert.Equal("reading stopped at 20 problems", problems[^1].Advice);
    }

    [Fact]
    public void Read_ProblemAfterGoodRows_ThrowsWhenReached()
    {
        using var reader = new CriteoReader(ClickLog.Stream(ClickLog.Line("0", [], []) + "\nbad\n"), "clicks.tsv");
        var row = new CriteoRow();
        Assert.True(reader.Read(row));
        Assert.Throws<InvalidInputException>(() => reader.Read(row));
    }

    [Fact]
    public void Read_EmptyFile_IsAnError()
    {
        var problem = Assert.Single(Problems(""));
        Assert.Equal("clicks.tsv(1,1)", problem.Where);
        Assert.StartsWith("found an empty file, expected 40 fields", problem.What);
    }

    [Fact]
    public void Read_BinaryWithoutLineEnds_StopsAtTheBuffer()
    {
        var problem = Assert.Single(Problems(new string('x', 1_000_000)));
        Assert.Contains("a line of more than 262144 bytes", problem.What);
    }

    private static List<CriteoRow> ReadAll(string text, out CriteoReader reader)
    {
        var rows = new List<CriteoRow>();
        reader = new CriteoReader(ClickLog.Stream(text), "clicks.tsv");
        for (var row = new CriteoRow(); reader.Read(row); row = new CriteoRow())
        {
            rows.Add(row);
        }

        return rows;
    }

    private static IReadOnlyList<InputProblem> Problems(string text) =>
        Assert.Throws<InvalidInputException>(() => ReadAll(text, out _)).Problems;

    /// <summary>A stream that hands out at most so many bytes a time, as pipes do.</summary>
    private sealed class Dripping(byte[] bytes, int atMost) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, atMost));
    }
}
