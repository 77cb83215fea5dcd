using System.Globalization;
using Rectune.Core.Domain;

namespace Rectune.Core.Representations;

/// <summary>The parameters of a representation, every one with a value.</summary>
public sealed class ParameterSet
{
    /// <summary>Several times any published decoder.</summary>
    public const int LargestWidth = 1 << 15;

    private readonly IReadOnlyDictionary<string, string> values;

    private ParameterSet(IReadOnlyDictionary<string, string> values) => this.values = values;

    public string Text(string name) => values[name];

    public int Whole(string name) => int.Parse(values[name], CultureInfo.InvariantCulture);

    public long Long(string name) => long.Parse(values[name], CultureInfo.InvariantCulture);

    public int[] Widths(string name) => TryWidths(values[name], out var widths) ? widths : throw new InvalidOperationException($"{name} was not checked");

    /// <summary>Checks what is given against the definitions and fills in the rest.</summary>
    /// <param name="place">Where the parameters stand, for messages.</param>
    /// <exception cref="InvalidInputException">Unknown names and bad values, all of them.</exception>
    public static ParameterSet Read(IRepresentation kind, IReadOnlyDictionary<string, string> given, string place)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(given);
        var problems = new List<InputProblem>();
        var names = kind.Parameters.Select(p => p.Name).ToArray();
        foreach (var name in given.Keys.Where(name => !names.Contains(name)))
        {
            problems.Add(new InputProblem(place, names.Length == 0 ? $"found the parameter '{name}', '{kind.Kind}' has none" : "parameter: " + Spelling.Unknown(name, names)));
        }

        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var definition in kind.Parameters)
        {
            var text = given.GetValueOrDefault(definition.Name, definition.Default);
            if (definition.Check(text) is { } expected)
            {
                problems.Add(new InputProblem(place, $"found {definition.Name} '{text}', expected {expected}", definition.Meaning));
            }

            read[definition.Name] = text;
        }

        return problems.Count == 0 ? new ParameterSet(read) : throw new InvalidInputException(problems);
    }

    internal static bool TryWidths(string text, out int[] widths)
    {
        widths = [];
        if (text == "none")
        {
            return true;
        }

        var parts = text.Split('-');
        widths = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out widths[i]) || widths[i] is < 1 or > LargestWidth)
            {
                return false;
            }
        }

        return true;
    }
}
