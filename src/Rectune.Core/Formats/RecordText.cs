using System.Globalization;
using Newtonsoft.Json;
using Rectune.Core.Domain;

namespace Rectune.Core.Formats;

/// <summary>
/// The canonical text of records, and its strict reading. One record has one text: members in declared order, absent values left out, doubles in their
/// shortest round-trip form, lists of plain values on one line, "\n" line ends.
/// </summary>
public static class RecordText
{
    /// <summary>Indented by two spaces, ending in a line end: the form of files.</summary>
    public static string Write<T>(T record)
        where T : class => Write(record, Formatting.Indented) + "\n";

    /// <summary>On one line, without a line end: the form of a journal's rows.</summary>
    public static string WriteLine<T>(T record)
        where T : class => Write(record, Formatting.None);

    /// <summary>Reads a record; <paramref name="fileName"/> is only shown. Throws <see cref="InvalidInputException"/> with every problem.</summary>
    public static T Read<T>(string text, string fileName)
        where T : class => Read<T>(new InputText(fileName, text), check: null);

    /// <summary>Reads and checks a record. The check runs when the record is complete and reports to the same list.</summary>
    internal static T Read<T>(InputText input, Action<T, RecordProblems>? check)
        where T : class
    {
        var problems = new ProblemList(input);
        var record = Read(input, problems, check);
        problems.ThrowIfAny();
        return record ?? throw new InvalidOperationException("a record without problems is complete");
    }

    /// <summary>As above, but leaves the problems in the list; a text that is no JSON or of another schema still throws.</summary>
    internal static T? Read<T>(InputText input, ProblemList problems, Action<T, RecordProblems>? check)
        where T : class
    {
        var root = JsonTree.Parse(input, problems);
        if (RecordShape.SchemaName(typeof(T)) is { } schema)
        {
            SchemaVersion.Require(root, schema, input);
        }

        if (!new RecordReader(problems).TryRead(root, typeof(T), out var value))
        {
            return null;
        }

        check?.Invoke((T)value!, new RecordProblems(root, problems, "$"));
        return (T)value!;
    }

    private static string Write(object record, Formatting formatting)
    {
        ArgumentNullException.ThrowIfNull(record);
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using (var writer = new JsonTextWriter(text) { Formatting = formatting, Indentation = 2 })
        {
            new RecordWriter(writer).Write(record);
        }

        return text.ToString();
    }
}
