using Rectune.Core.Domain;
using System.Globalization;

namespace Rectune.Core.Formats;

/// <summary>
/// Turns a tree into records: unknown and missing members, wrong types and numbers out of range are all collected. Every whole number in the project's
/// files is a count, so a negative one is refused everywhere.
/// </summary>
internal sealed class RecordReader(ProblemList problems)
{
    /// <summary>Reads a value of <paramref name="type"/>; false when a problem left it without one.</summary>
    public bool TryRead(JsonNode node, Type type, out object? value)
    {
        value = null;
        if (type == typeof(string))
        {
            return Check(node, JsonKind.String, "a string") && Set(node.Text, out value);
        }

        if (type == typeof(bool))
        {
            return Check(node, JsonKind.Boolean, "true or false") && Set(node.Text == "true", out value);
        }

        if (type == typeof(double))
        {
            return TryReadDouble(node, out value);
        }

        if (type.IsEnum)
        {
            return TryReadChoice(node, type, out value);
        }

        if (type == typeof(int) || type == typeof(long) || type == typeof(ulong))
        {
            return TryReadCount(node, type, out value);
        }

        if (RecordShape.ItemOf(type) is { } item)
        {
            return TryReadList(node, item, out value);
        }

        return RecordShape.IsMap(type) ? TryReadMap(node, out value) : TryReadRecord(node, type, out value);
    }

    private static bool Set(object result, out object? value)
    {
        value = result;
        return true;
    }

    private bool Refuse(JsonNode node, string expected, string? advice = null)
    {
        problems.Add(node.Offset, node.Path, $"found {node.Found}, expected {expected}", advice);
        return false;
    }

    private bool Check(JsonNode node, JsonKind kind, string expected) => node.Kind == kind || Refuse(node, expected);

    private bool TryReadDouble(JsonNode node, out object? value)
    {
        value = null;
        if (!Check(node, JsonKind.Number, "a number"))
        {
            return false;
        }

        var number = double.Parse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture);
        value = number;
        return double.IsFinite(number) || Refuse(node, "a number within the range of a double");
    }

    private bool TryReadCount(JsonNode node, Type type, out object? value)
    {
        value = null;
        var highest = type == typeof(int) ? int.MaxValue : type == typeof(long) ? long.MaxValue : ulong.MaxValue;
        var expected = $"a whole number from 0 to {highest}";
        if (!Check(node, JsonKind.Number, expected))
        {
            return false;
        }

        if (!ulong.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > highest)
        {
            return Refuse(node, expected);
        }

        value = Convert.ChangeType(number, type, CultureInfo.InvariantCulture);
        return true;
    }

    private bool TryReadChoice(JsonNode node, Type type, out object? value)
    {
        value = null;
        var choices = Enum.GetValues(type).Cast<Enum>().ToList();
        var names = choices.ConvertAll(JsonNames.Choice);
        var expected = "one of " + string.Join(", ", names);
        if (!Check(node, JsonKind.String, expected))
        {
            return false;
        }

        var index = names.IndexOf(node.Text);
        return index >= 0
            ? Set(choices[index], out value)
            : Refuse(node, expected, Spelling.Closest(node.Text, names) is { } close ? $"did you mean '{close}'?" : null);
    }

    private bool TryReadList(JsonNode node, Type itemType, out object? value)
    {
        value = null;
        if (!Check(node, JsonKind.Array, "an array"))
        {
            return false;
        }

        var items = Array.CreateInstance(itemType, node.Items.Count);
        var complete = true;
        for (var i = 0; i < items.Length; i++)
        {
            if (TryRead(node.Items[i], itemType, out var item))
            {
                items.SetValue(item, i);
            }
            else
            {
                complete = false;
            }
        }

        value = items;
        return complete;
    }

    private bool TryReadMap(JsonNode node, out object? value)
    {
        value = null;
        if (!Check(node, JsonKind.Object, "an object of strings"))
        {
            return false;
        }

        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var complete = true;
        foreach (var member in node.Members)
        {
            complete &= TryRead(member.Value, typeof(string), out var text);
            map[member.Name] = text as string ?? "";
        }

        value = map;
        return complete;
    }

    private bool TryReadRecord(JsonNode node, Type type, out object? value)
    {
        value = null;
        if (!Check(node, JsonKind.Object, "an object"))
        {
            return false;
        }

        var shape = RecordShape.Of(type);
        var record = Activator.CreateInstance(type)!;
        var complete = true;
        foreach (var member in node.Members)
        {
            if (!shape.ByName.TryGetValue(member.Name, out var known))
            {
                problems.Add(member.Offset, member.Value.Path, "unknown member", Spelling.Advice(member.Name, [.. shape.ByName.Keys]));
            }
            else if (TryRead(member.Value, known.Type, out var read))
            {
                known.Property.SetValue(record, read);
            }
            else
            {
                complete = false;
            }
        }

        foreach (var member in shape.Members)
        {
            if (member.Required && node.Member(member.Name) is null)
            {
                problems.Add(node.Offset, node.Path + JsonNode.MemberStep(member.Name), "the member is missing");
                complete = false;
            }
        }

        value = record;
        return complete;
    }
}
