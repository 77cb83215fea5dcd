using System.Globalization;
using Rectune.Core.Domain;

namespace Rectune.Core.Formats;

/// <summary>Tells a file of a newer rectune, or of another kind, from a malformed one.</summary>
internal static class SchemaVersion
{
    /// <summary>Throws when the <c>schema</c> member names anything but <paramref name="expected"/>; a missing or mistyped one is left to the reader.</summary>
    public static void Require(JsonNode root, string expected, InputText input)
    {
        if (root.Member("schema") is not { Kind: JsonKind.String } schema || schema.Text == expected)
        {
            return;
        }

        var where = input.Where(schema.Offset, "$.schema");
        var slash = expected.LastIndexOf('/');
        var newer = schema.Text.StartsWith(expected[..(slash + 1)], StringComparison.Ordinal)
            && int.TryParse(schema.Text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            && version > int.Parse(expected.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        throw newer
            ? new InvalidInputException(
                where, $"written by a newer rectune; found {schema.Text}, expected {expected}", "use that rectune, or write the file again with this one")
            : new InvalidInputException(where, $"found {schema.Found}, expected {expected}", "this is another kind of file");
    }
}
