using System.Security.Cryptography;
using System.Text;
using Rectune.Core.Domain;
using Rectune.Engine.Data;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Data;

public sealed class TraceReaderTests
{
    [Theory]
    [InlineData("1\n22\n333\n")]
    [InlineData("1 22 333")]
    [InlineData("\n\n 1\t22\r\n\r\n333 \n \n")]
    [InlineData("01 0022 333\n")]
    public void Read_AnyBlanks_GivesEveryIdInOrder(string text) => Assert.Equal([1, 22, 333], Ids(text));

    [Fact]
    public void Read_Corners_AreTaken() => Assert.Equal([0, long.MaxValue], Ids("0 9223372036854775807"));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public void Read_AnyPieces_GivesTheSameIdsAndHash(int most)
    {
        // Several buffers long, so that numbers lie across their ends.
        var expected = Enumerable.Range(0, 100_000).Select(i => (long)i * i * 7919).ToArray();
        var bytes = Encoding.ASCII.GetBytes(string.Join('\n', expected));
        using var stream = new SlowStream(bytes, most);
        using var reader = new TraceReader(stream, "trace.txt");
        Assert.Equal(expected, All(reader));
        Assert.Equal(100_000, reader.Ids);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), reader.Sha256);
    }

    [Theory]
    [InlineData("1\n2 x3\n", "trace.txt(2,3): found 'x3', expected a whole number from 0 to 9223372036854775807")]
    [InlineData("-1", "trace.txt(1,1): found '-1', expected a whole number from 0 to 9223372036854775807")]
    [InlineData("1\n\n  9223372036854775808", "trace.txt(3,3): found '9223372036854775808', expected a whole number from 0 to 9223372036854775807")]
    [InlineData("1.0", "trace.txt(1,1): found '1.0', expected a whole number from 0 to 9223372036854775807")]
    [InlineData("1,2", "trace.txt(1,1): found '1,2', expected a whole number from 0 to 9223372036854775807")]
    [InlineData("", "trace.txt(1,1): found no id, expected a whole number from 0 to 9223372036854775807")]
    [InlineData(" \n", "trace.txt(2,1): found no id, expected a whole number from 0 to 9223372036854775807")]
    public void Read_Malformed_NamesThePlace(string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<InvalidInputException>(() => Ids(text)).Message);

    [Fact]
    public void Read_SeveralProblems_ListsThemUpToTheLimit()
    {
        var two = Assert.Throws<InvalidInputException>(() => Ids("a 1 b\n"));
        Assert.Equal(["trace.txt(1,1)", "trace.txt(1,5)"], two.Problems.Select(problem => problem.Where));

        var many = Assert.Throws<InvalidInputException>(() => Ids(string.Concat(Enumerable.Repeat("x\n", 50))));
        Assert.Equal(TextProblems.Most, many.Problems.Count);
        Assert.Equal("trace.txt(20,1)", many.Problems[^1].Where);
        Assert.Equal("reading stopped at 20 problems", many.Problems[^1].Advice);
    }

    [Fact]
    public void Read_AWordWithoutEnd_IsAnotherKindOfFile()
    {
        var refused = Assert.Throws<InvalidInputException>(() => Ids("1 " + new string('7', 1 << 20)));
        Assert.StartsWith("trace.txt(1,3): found a word of more than 262144 bytes", refused.Message, StringComparison.Ordinal);
    }

    private static List<long> Ids(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        using var reader = new TraceReader(stream, "trace.txt");
        return All(reader);
    }

    private static List<long> All(TraceReader reader)
    {
        var ids = new List<long>();
        while (reader.Read(out var id))
        {
            ids.Add(id);
        }

        return ids;
    }
}
