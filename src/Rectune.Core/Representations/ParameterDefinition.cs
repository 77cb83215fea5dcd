using System.Globalization;

namespace Rectune.Core.Representations;

/// <summary>A parameter of a representation.</summary>
/// <param name="Name">As written.</param>
/// <param name="Default">Text of the value where none is given.</param>
/// <param name="Meaning">For help and messages: what it sets, with unit and range.</param>
/// <param name="Check">Null for a good text, else what is expected.</param>
public sealed record ParameterDefinition(string Name, string Default, string Meaning, Func<string, string?> Check)
{
    /// <summary>A whole number within limits.</summary>
    public static ParameterDefinition Whole(string name, long fallback, string meaning, long from, long to) => new(
        name,
        fallback.ToString(CultureInfo.InvariantCulture),
        meaning,
        text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= from && value <= to
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"a whole number from {from} to {to}"));

    /// <summary>One of a few words.</summary>
    public static ParameterDefinition Choice(string name, string meaning, params IReadOnlyList<string> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return new(name, choices[0], meaning, text => choices.Contains(text) ? null : "one of " + string.Join(", ", choices));
    }

    /// <summary>Whole numbers from 1, joined by a sign; at least <paramref name="least"/> of them.</summary>
    public static ParameterDefinition Widths(string name, string fallback, string meaning, int least, int most) => new(
        name,
        fallback,
        meaning,
        text => ParameterSet.TryWidths(text, out var widths) && widths.Length >= least && widths.Length <= most
            ? null
            : $"{(least == most ? $"{least}" : $"{least} to {most}")} whole numbers from 1 to {ParameterSet.LargestWidth} joined by '-', or 'none' for none");
}
