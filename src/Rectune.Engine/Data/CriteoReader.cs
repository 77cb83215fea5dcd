using Rectune.Core.Domain;

namespace Rectune.Engine.Data;

/// <summary>
/// Reads a Criteo click log as a stream: per line a label (0 or 1), 13 integers and 26 categories of up to 8 hexadecimal digits, separated by tabs, an
/// empty field is a missing value; lines end in LF or CRLF. Memory does not grow with the file.
/// </summary>
public sealed class CriteoReader : IDisposable
{
    /// <summary>A line of the format has at most 400 bytes; this many without a line end is another kind of file.</summary>
    private const int BufferBytes = 256 * 1024;

    private const int FieldCount = 1 + CriteoRow.IntegerCount + CriteoRow.CategoryCount;
    private const string Expected = "expected 40 fields separated by tabs: label, 13 integers, 26 categories";

    private readonly HashedInput input;
    private readonly TextProblems problems;
    private long line;

    /// <param name="stream">Read to its end; not disposed of.</param>
    /// <param name="name">The file's name for messages.</param>
    public CriteoReader(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        input = new HashedInput(stream, BufferBytes);
        problems = new TextProblems(name);
    }

    /// <summary>Rows read so far.</summary>
    public long Rows { get; private set; }

    /// <summary>SHA-256 of the whole file, lower-case hexadecimal; known once <see cref="Read"/> has returned false.</summary>
    public string? Sha256 => input.Sha256;

    /// <summary>Reads the next row; false at the end of the file.</summary>
    /// <exception cref="InvalidInputException">
    /// The file is malformed or empty. After the first problem the rest is read only for further problems, up to <see cref="TextProblems.Most"/>.
    /// </exception>
    public bool Read(CriteoRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        while (NextLine(out var text))
        {
            if (Parse(text, row) && problems.None)
            {
                Rows++;
                return true;
            }

            if (problems.Full)
            {
                throw problems.Thrown();
            }
        }

        if (line == 0)
        {
            Report(1, $"found an empty file, {Expected}");
        }

        if (!problems.None)
        {
            throw problems.Thrown();
        }

        return false;
    }

    public void Dispose() => input.Dispose();

    /// <summary>The next line without its end.</summary>
    private bool NextLine(out ReadOnlySpan<byte> text)
    {
        var searched = 0;
        while (true)
        {
            var waiting = input.Waiting;
            var length = waiting[searched..].IndexOf((byte)'\n');
            if (length >= 0 || (input.Ended && waiting.Length > 0))
            {
                length = length >= 0 ? length + searched : waiting.Length;
                text = waiting[..length];
                input.Take(Math.Min(length + 1, waiting.Length));
                line++;
                if (text.EndsWith("\r"u8))
                {
                    text = text[..^1];
                }

                return true;
            }

            if (input.Ended)
            {
                text = default;
                return false;
            }

            searched = waiting.Length;
            if (!input.TryRead())
            {
                line++;
                Report(1, $"found a line of more than {BufferBytes} bytes, {Expected}");
                throw problems.Thrown();
            }
        }
    }

    private bool Parse(ReadOnlySpan<byte> text, CriteoRow row)
    {
        var fields = text.Count((byte)'\t') + 1;
        if (fields != FieldCount)
        {
            Report(1, $"found {fields} {(fields == 1 ? "field" : "fields")}, {Expected}");
            return false;
        }

        var good = true;
        var column = 1;
        for (var field = 0; field < FieldCount && !problems.Full; field++)
        {
            var length = text.IndexOf((byte)'\t');
            var value = length < 0 ? text : text[..length];
            if (ParseField(value, field, row) is { } expected)
            {
                Report(column, $"found '{CriteoField.Show(value)}', expected {expected}");
                good = false;
            }

            text = length < 0 ? default : text[(length + 1)..];
            column += length + 1;
        }

        return good;
    }

    /// <summary>Null, or what was expected instead.</summary>
    private static string? ParseField(ReadOnlySpan<byte> value, int field, CriteoRow row)
    {
        if (field == 0)
        {
            row.Label = value.SequenceEqual("1"u8) ? 1 : 0;
            return row.Label == 1 || value.SequenceEqual("0"u8) ? null : "the label 0 or 1";
        }

        var integer = field - 1;
        if (integer < CriteoRow.IntegerCount)
        {
            return CriteoField.TryInteger(value, out row.Integers[integer])
                ? null
                : $"a whole number from {int.MinValue} to {int.MaxValue}, or nothing, in integer feature {integer + 1}";
        }

        var category = integer - CriteoRow.IntegerCount;
        return CriteoField.TryCategory(value, out row.Categories[category])
            ? null
            : $"up to 8 hexadecimal digits, or nothing, in category C{category + 1}";
    }

    private void Report(int column, string what) => problems.Add(Math.Max(line, 1), column, what);
}
