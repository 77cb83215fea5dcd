using Rectune.Core.Domain;

namespace Rectune.Core.Formats;

/// <summary>A settings file: one flat object of strings, numbers, booleans, or lists of them.</summary>
public static class SettingsFormat
{
    /// <summary>
    /// The settings by name with their text (a list joined by commas) and where it stands. Throws <see cref="InvalidInputException"/> with every
    /// unknown, duplicate or nested member. <paramref name="fileName"/> is only shown.
    /// </summary>
    public static IReadOnlyDictionary<string, SettingText> Read(string text, string fileName, IReadOnlyCollection<string> known)
    {
        var input = new InputText(fileName, text);
        var problems = new ProblemList(input);
        var root = JsonTree.Parse(input, problems);
        var settings = new Dictionary<string, SettingText>(StringComparer.Ordinal);
        foreach (var (name, offset, value) in root.Members)
        {
            if (!known.Contains(name))
            {
                problems.Add(offset, value.Path, "unknown setting", Spelling.Advice(name, known));
            }
            else if (IsPlain(value) || (value.Kind == JsonKind.Array && value.Items.TrueForAll(IsPlain)))
            {
                var found = value.Kind == JsonKind.Array ? string.Join(',', value.Items.Select(i => i.Text)) : value.Text;
                settings[name] = new SettingText(found, input.Where(value.Offset, value.Path));
            }
            else
            {
                problems.Add(value.Offset, value.Path, $"found {value.Found}, expected a string, a number, true or false, or a list of them");
            }
        }

        problems.ThrowIfAny();
        return settings;
    }

    private static bool IsPlain(JsonNode node) => node.Kind is JsonKind.String or JsonKind.Number or JsonKind.Boolean;
}
