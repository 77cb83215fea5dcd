using System.Text.RegularExpressions;

namespace Rectune.Core.Formats;

/// <summary>A JSON value that remembers where it stands.</summary>
internal sealed partial class JsonNode(JsonKind kind, int offset, JsonNode? parent, string step)
{
    public JsonKind Kind { get; } = kind;

    /// <summary>Offset of its first character.</summary>
    public int Offset { get; } = offset;

    /// <summary>The decoded string, or the literal as it was written.</summary>
    public string Text { get; init; } = "";

    public List<JsonMember> Members { get; } = [];

    public List<JsonNode> Items { get; } = [];

    /// <summary><c>$.sparse[2].rows</c>.</summary>
    public string Path => parent is null ? "$" : parent.Path + step;

    /// <summary>For a message: <c>'text'</c>, <c>12.5</c>, <c>an object</c>.</summary>
    public string Found => Kind switch
    {
        JsonKind.Object => "an object",
        JsonKind.Array => "an array",
        JsonKind.String => Text.Length <= 60 ? $"'{Text}'" : $"'{Text.AsSpan(0, 57)}...'",
        _ => Text,
    };

    public static string MemberStep(string name) => Plain().IsMatch(name) ? "." + name : $"['{name}']";

    public JsonNode? Member(string name) => Members.Find(m => m.Name == name)?.Value;

    /// <summary>The value at <paramref name="path"/>, or the nearest one around it.</summary>
    public JsonNode Nearest(string path)
    {
        foreach (var member in Members)
        {
            if (Leads(path, member.Value))
            {
                return member.Value.Nearest(path);
            }
        }

        foreach (var item in Items)
        {
            if (Leads(path, item))
            {
                return item.Nearest(path);
            }
        }

        return this;
    }

    private static bool Leads(string path, JsonNode node)
    {
        var prefix = node.Path;
        return path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || path[prefix.Length] is '.' or '[');
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex Plain();
}
