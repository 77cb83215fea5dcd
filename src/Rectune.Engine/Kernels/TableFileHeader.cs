using System.Text;
using System.Text.Json;
using Rectune.Core.Domain;

namespace Rectune.Engine.Kernels;

/// <summary>
/// The first 4096 bytes of a <c>rectune.tables/1</c> file: a line with the format and its version, a line of JSON (<c>identity</c>, <c>precision</c>,
/// <c>tables</c> as pairs of rows and dim without those that share another's rows, <c>bytes</c> of the whole file), zeros, and in the last eight bytes
/// <c>complete</c> once all rows are written. The tables follow as they lie in memory.
/// </summary>
internal sealed class TableFileHeader
{
    public const int Bytes = 4096;

    private const string Format = "rectune.tables/";
    private const string Version = Format + "1";
    private const string Advice = "Delete the file and generate the tables again.";

    private readonly string path;
    private readonly string description;

    /// <exception cref="InvalidInputException">The description does not fit the header.</exception>
    public TableFileHeader(string path, string identity, TablePrecision precision, ReadOnlySpan<TableLayout> layouts, long tableBytes)
    {
        this.path = path;
        FileBytes = Bytes + tableBytes;
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("identity", identity);
            json.WriteString("precision", precision.Name());
            json.WriteStartArray("tables");
            foreach (var layout in layouts)
            {
                if (layout.Slot.SharedWith is null)
                {
                    json.WriteStartArray();
                    json.WriteNumberValue(layout.Slot.Rows);
                    json.WriteNumberValue(layout.Slot.Dim);
                    json.WriteEndArray();
                }
            }

            json.WriteEndArray();
            json.WriteNumber("bytes", FileBytes);
            json.WriteEndObject();
        }

        description = Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
        Text = Encoding.UTF8.GetBytes($"{Version}\n{description}\n");
        if (Text.Length > CompleteAt)
        {
            throw new InvalidInputException(path, $"found a description of {Text.Length} bytes, expected at most {CompleteAt}", "Use a shorter identity or fewer tables.");
        }
    }

    /// <summary>Where <see cref="Complete"/> stands.</summary>
    public static int CompleteAt => Bytes - Complete.Length;

    /// <summary>The mark of a file whose rows are all written.</summary>
    public static ReadOnlySpan<byte> Complete => "complete"u8;

    /// <summary>Both lines.</summary>
    public byte[] Text { get; }

    /// <summary>Bytes of the whole file.</summary>
    public long FileBytes { get; }

    /// <summary>Compares a file with what is wanted.</summary>
    /// <param name="found">Its first bytes, as many as <see cref="Bytes"/> or the whole file.</param>
    /// <param name="foundBytes">Its length.</param>
    /// <exception cref="InvalidInputException">It is another file, of another version, of other tables, incomplete or of the wrong length.</exception>
    public void Check(ReadOnlySpan<byte> found, long foundBytes)
    {
        var lines = Encoding.UTF8.GetString(found).Split('\n', 3);
        if (!lines[0].StartsWith(Format, StringComparison.Ordinal) || lines.Length < 3)
        {
            throw Refused("no tables", Version, foundBytes);
        }

        if (lines[0] != Version)
        {
            throw Refused($"'{lines[0]}'", $"'{Version}'", foundBytes);
        }

        if (lines[1] != description)
        {
            throw Refused(lines[1], description, foundBytes);
        }

        if (foundBytes != FileBytes)
        {
            throw Refused("tables cut short or grown", "whole ones", foundBytes);
        }

        if (!found[CompleteAt..].SequenceEqual(Complete))
        {
            throw Refused("tables not written to their end", "complete ones", foundBytes);
        }
    }

    private InvalidInputException Refused(string found, string expected, long foundBytes) =>
        new(path, $"found {found} in {foundBytes} bytes, expected {expected} in {FileBytes} bytes", Advice);
}
