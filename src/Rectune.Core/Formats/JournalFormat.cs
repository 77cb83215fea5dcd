using Rectune.Core.Domain;

namespace Rectune.Core.Formats;

/// <summary>
/// Journals as text: a line a measurement or failure, only ever appended to. The last member of a line is the beginning of the SHA-256 of the line before it and of itself, so
/// that a line that was altered, moved or taken out is found.
/// </summary>
public static class JournalFormat
{
    /// <summary>64 bits: against accidents, not against forgers.</summary>
    private const int ChainDigits = 16;

    private const string ChainMember = ",\"chain\":\"";

    /// <summary>A line without its end, and the chain that the next one continues.</summary>
    public static (string Line, string Chain) Write(MeasurementRow row, string chain)
    {
        ArgumentNullException.ThrowIfNull(row);
        return Chained(MeasurementFormat.WriteLine(row with { Chain = null }), chain);
    }

    /// <inheritdoc cref="Write(MeasurementRow, string)"/>
    public static (string Line, string Chain) Write(MeasurementFailure failure, string chain)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return Chained(RecordText.WriteLine(failure with { Chain = null }), chain);
    }

    /// <summary>
    /// Reads a whole journal; <paramref name="fileName"/> is only shown. A last line without its line end is left out and <see cref="Journal.Torn"/> says so; any other line that
    /// is malformed or does not continue the one before it is refused, all problems of all lines at once.
    /// </summary>
    public static Journal Read(string text, string fileName)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.Split('\n');
        var rows = new List<MeasurementRow>(lines.Length);
        var failures = new List<MeasurementFailure>();
        var problems = new List<InputProblem>();
        var chain = "";
        var reads = new (MeasurementRow? Row, MeasurementFailure? Failure, IReadOnlyList<InputProblem>? Problems)[lines.Length - 1];
        Parallel.For(0, reads.Length, i => reads[i] = ReadLine(new InputText(fileName, lines[i], i + 1)));
        foreach (var (i, read) in reads.Index())
        {
            var line = lines[i];
            if (read.Problems is not null)
            {
                problems.AddRange(read.Problems);
                chain = ChainOf(line) ?? chain;
                continue;
            }

            if (read.Row is not null)
            {
                rows.Add(read.Row);
            }
            else
            {
                failures.Add(read.Failure!);
            }

            chain = Follow(new InputText(fileName, line, i + 1), chain, problems);
        }

        return problems.Count == 0 ? new Journal { Rows = rows, Failures = failures, Chain = chain, Torn = lines[^1].Length > 0 } : throw new InvalidInputException(problems);
    }

    private static (MeasurementRow? Row, MeasurementFailure? Failure, IReadOnlyList<InputProblem>? Problems) ReadLine(InputText line)
    {
        try
        {
            return line.Text.Contains($"\"{MeasurementFailure.SchemaName}\"", StringComparison.Ordinal)
                ? (null, RecordText.Read<MeasurementFailure>(line, check: null) with { Chain = null }, null)
                : (MeasurementFormat.Read(line) with { Chain = null }, null, null);
        }
        catch (InvalidInputException e)
        {
            return (null, null, e.Problems);
        }
    }

    private static (string Line, string Chain) Chained(string body, string chain)
    {
        var next = Next(body, chain);
        return ($"{body[..^1]}{ChainMember}{next}\"}}", next);
    }

    private static string Next(string body, string chain) => TextHash.Sha256($"{chain}\n{body}")[..ChainDigits];

    /// <summary>Checks that a line continues the one before it; returns the chain that it states.</summary>
    private static string Follow(InputText line, string chain, List<InputProblem> problems)
    {
        if (ChainOf(line.Text) is not { } stated)
        {
            problems.Add(new InputProblem(line.Where(0), "found no chain at the end of the line, expected one", "this journal was written by something else, or by an older rectune: move it away, or choose another --out"));
            return chain;
        }

        var at = line.Text.Length - ChainMember.Length - ChainDigits - 2;
        var expected = Next(line.Text[..at] + "}", chain);
        if (stated != expected)
        {
            problems.Add(new InputProblem(
                line.Where(at + 1, "$.chain"),
                $"found {stated}, expected {expected}: this line was altered, or lines before it were taken out",
                "restore the file; the lines before this one are whole"));
        }

        return stated;
    }

    private static string? ChainOf(string line)
    {
        var at = line.Length - ChainMember.Length - ChainDigits - 2;
        return at > 0 && line.AsSpan(at).StartsWith(ChainMember, StringComparison.Ordinal) && line.EndsWith("\"}", StringComparison.Ordinal)
            ? line.Substring(at + ChainMember.Length, ChainDigits)
            : null;
    }
}
