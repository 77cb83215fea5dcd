using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Rectune.Core.Formats;

/// <summary>Writes the JSON Schema (draft-07) of a record type: what <see cref="RecordReader"/> accepts, checks across members apart.</summary>
public static class SchemaWriter
{
    /// <summary>Schema text, ending in a line end.</summary>
    public static string Write<T>()
        where T : class
    {
        var definitions = new SortedDictionary<string, JObject>(StringComparer.Ordinal);
        var root = Describe(typeof(T), definitions);
        root.AddFirst(new JProperty("title", RecordShape.SchemaName(typeof(T)) ?? typeof(T).Name));
        root.AddFirst(new JProperty("$schema", "http://json-schema.org/draft-07/schema#"));
        root.Add("definitions", new JObject(definitions.Select(d => new JProperty(d.Key, d.Value))));
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using (var writer = new JsonTextWriter(text) { Formatting = Formatting.Indented, Indentation = 2 })
        {
            root.WriteTo(writer);
        }

        return text + "\n";
    }

    private static JObject Describe(Type record, SortedDictionary<string, JObject> definitions)
    {
        var shape = RecordShape.Of(record);
        var properties = new JObject();
        foreach (var member in shape.Members)
        {
            properties.Add(member.Name, member.Name == "schema" && RecordShape.SchemaName(record) is { } schema
                ? new JObject { ["enum"] = new JArray(schema) }
                : Value(member.Type, definitions));
        }

        return new JObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = new JArray(shape.Members.Where(m => m.Required).Select(m => m.Name)),
            ["properties"] = properties,
        };
    }

    private static JObject Value(Type type, SortedDictionary<string, JObject> definitions)
    {
        if (type.IsEnum)
        {
            return new JObject { ["type"] = "string", ["enum"] = new JArray(Enum.GetValues(type).Cast<Enum>().Select(JsonNames.Choice)) };
        }

        if (RecordShape.ItemOf(type) is { } item)
        {
            return new JObject { ["type"] = "array", ["items"] = Value(item, definitions) };
        }

        if (RecordShape.IsMap(type))
        {
            return new JObject { ["type"] = "object", ["additionalProperties"] = new JObject { ["type"] = "string" } };
        }

        switch (Type.GetTypeCode(type))
        {
            case TypeCode.String: return new JObject { ["type"] = "string" };
            case TypeCode.Boolean: return new JObject { ["type"] = "boolean" };
            case TypeCode.Double: return new JObject { ["type"] = "number" };
            case TypeCode.Int32 or TypeCode.Int64 or TypeCode.UInt64: return new JObject { ["type"] = "integer", ["minimum"] = 0 };
            default: return Reference(type, definitions);
        }
    }

    private static JObject Reference(Type record, SortedDictionary<string, JObject> definitions)
    {
        var name = JsonNames.Member(record.Name);
        if (!definitions.ContainsKey(name))
        {
            // Entered first, so that a record that contains itself ends.
            definitions[name] = [];
            definitions[name] = Describe(record, definitions);
        }

        return new JObject { ["$ref"] = $"#/definitions/{name}" };
    }
}
