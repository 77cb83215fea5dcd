using System.Collections;
using System.Globalization;
using Newtonsoft.Json;

namespace Rectune.Core.Formats;

/// <summary>Writes records member by member in declared order.</summary>
internal sealed class RecordWriter(JsonTextWriter writer)
{
    private readonly Formatting formatting = writer.Formatting;

    public void Write(object value)
    {
        switch (value)
        {
            case string text: writer.WriteValue(text); break;
            case bool flag: writer.WriteValue(flag); break;
            case int number: writer.WriteValue(number); break;
            case long number: writer.WriteValue(number); break;
            case ulong number: writer.WriteValue(number); break;
            case double number: WriteDouble(number); break;
            case Enum choice: writer.WriteValue(JsonNames.Choice(choice)); break;
            case IReadOnlyDictionary<string, string> map: WriteMap(map); break;
            case IEnumerable list: WriteList(list); break;
            default: WriteRecord(value); break;
        }
    }

    private void WriteDouble(double number)
    {
        if (!double.IsFinite(number))
        {
            throw new InvalidOperationException($"{number} at {writer.Path} has no place in a file");
        }

        // Negative zero reads back as zero, so it is written as such.
        writer.WriteRawValue((number == 0 ? 0 : number).ToString("R", CultureInfo.InvariantCulture));
    }

    private void WriteMap(IReadOnlyDictionary<string, string> map)
    {
        writer.WriteStartObject();
        foreach (var (name, text) in map.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            writer.WriteValue(text);
        }

        writer.WriteEndObject();
    }

    private void WriteList(IEnumerable list)
    {
        writer.WriteStartArray();
        foreach (var item in list)
        {
            writer.Formatting = item is string or ValueType ? Formatting.None : formatting;
            Write(item);
        }

        writer.WriteEndArray();
        writer.Formatting = formatting;
    }

    private void WriteRecord(object record)
    {
        writer.WriteStartObject();
        foreach (var member in RecordShape.Of(record.GetType()).Members)
        {
            // An optional list that is empty is as good as absent: texts from before there was such a member stay the same.
            if (member.Property.GetValue(record) is { } value && (member.Required || value is not System.Collections.ICollection { Count: 0 }))
            {
                writer.WritePropertyName(member.Name);
                Write(value);
            }
        }

        writer.WriteEndObject();
    }
}
