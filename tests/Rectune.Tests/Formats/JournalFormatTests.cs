using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Formats;

public sealed class JournalFormatTests
{
    private static readonly MeasurementFailure Failure = new()
    {
        Schema = MeasurementFailure.SchemaName,
        Key = SampleRecords.Row().Key,
        Why = "out of memory",
        MeasuredAt = "2026-01-02T03:04:05Z",
    };

    [Fact]
    public void Read_WhatWasWritten_IsWhatWasMeant()
    {
        var journal = JournalFormat.Read(Text(out var chain), "j");
        Assert.Equal([128, 129, 130], journal.Rows.Select(row => row.Key.Batch));
        Assert.Equal(Failure, Assert.Single(journal.Failures));
        Assert.Equal((chain, false), (journal.Chain, journal.Torn));
        Assert.All(journal.Rows, row => Assert.Null(row.Chain));
    }

    [Fact]
    public void Read_LastLineTorn_KeepsTheOthers()
    {
        var text = Text(out _);
        for (var cut = text.LastIndexOf('\n', text.Length - 2) + 2; cut < text.Length; cut += 7)
        {
            var journal = JournalFormat.Read(text[..cut], "j");
            Assert.Equal((2, true), (journal.Rows.Count, journal.Torn));
        }

        Assert.Equal((0, false, ""), (JournalFormat.Read("", "j").Rows.Count, JournalFormat.Read("", "j").Torn, JournalFormat.Read("", "j").Chain));
    }

    [Fact]
    public void Read_AnyDigitChanged_IsRefusedWithItsLine()
    {
        var lines = Text(out _).Split('\n');
        for (var line = 0; line < lines.Length - 1; line++)
        {
            for (var at = 0; at < lines[line].Length; at += 5)
            {
                if (!char.IsAsciiDigit(lines[line][at]))
                {
                    continue;
                }

                var changed = lines[line][at] == '7' ? '8' : '7';
                string[] altered = [.. lines];
                altered[line] = $"{lines[line][..at]}{changed}{lines[line][(at + 1)..]}";
                var problems = Assert.Throws<InvalidInputException>(() => JournalFormat.Read(string.Join('\n', altered), "j")).Problems;
                Assert.StartsWith($"j({line + 1},", problems[0].Where, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Read_LineTakenOutOrMoved_IsRefusedWhereTheChainBreaks()
    {
        var lines = Text(out _).Split('\n');
        Assert.Contains("taken out", Refusal(lines[0], lines[2], lines[3], ""), StringComparison.Ordinal);
        Assert.StartsWith("j(2,", Refusal(lines[0], lines[2], lines[3], ""), StringComparison.Ordinal);
        Assert.StartsWith("j(1,", Refusal(lines[1], lines[0], lines[2], ""), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_RowsWithoutAChain_AreSaidToBeOfAnotherWriter() =>
        Assert.Contains("no chain", Refusal(MeasurementFormat.WriteLine(SampleRecords.Row()), ""), StringComparison.Ordinal);

    [Fact]
    public void Read_SeveralMalformedLines_AreAllReported()
    {
        var lines = Text(out _).Split('\n');
        var problems = Assert.Throws<InvalidInputException>(() => JournalFormat.Read(
            string.Join('\n', lines[0].Replace("815.5", "-815.5", StringComparison.Ordinal), lines[1][..40], lines[2], ""), "j")).Problems;
        Assert.Contains(problems, problem => problem.Where.StartsWith("j(1,", StringComparison.Ordinal) && problem.Where.EndsWith("$.serviceUs[0]", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Where.StartsWith("j(2,41)", StringComparison.Ordinal));
    }

    private static string Refusal(params string[] lines)
    {
        var problem = Assert.Throws<InvalidInputException>(() => JournalFormat.Read(string.Join('\n', lines), "j")).Problems[0];
        return $"{problem.Where}: {problem.What}";
    }

    private static string Text(out string chain)
    {
        var text = "";
        (var line, chain) = JournalFormat.Write(SampleRecords.Row(), "");
        text += line + "\n";
        (line, chain) = JournalFormat.Write(SampleRecords.Row() with { Key = SampleRecords.Row().Key with { Batch = 129 } }, chain);
        text += line + "\n";
        (line, chain) = JournalFormat.Write(Failure, chain);
        text += line + "\n";
        (line, chain) = JournalFormat.Write(SampleRecords.Row() with { Key = SampleRecords.Row().Key with { Batch = 130 } }, chain);
        return text + line + "\n";
    }
}
