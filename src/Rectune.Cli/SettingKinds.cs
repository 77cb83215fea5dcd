using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Units;

namespace Rectune.Cli;

/// <summary>The kinds of values that settings have.</summary>
internal static class SettingKinds
{
    /// <summary>Any text but the empty one.</summary>
    public static IReadOnlyList<string> Text(string text, out string value)
    {
        value = text;
        return text.Trim().Length > 0 ? [] : ["found '', expected a value"];
    }

    /// <summary>A switch: <c>true</c> or <c>false</c>.</summary>
    public static IReadOnlyList<string> Switch(string text, out bool value)
    {
        value = text == "true";
        return text is "true" or "false" ? [] : [$"found '{text}', expected true or false"];
    }

    /// <summary>A switch that is off unless it is given.</summary>
    public static SettingOf<bool> Off(string name, string description) => new(Switch) { Name = name, Description = description, Default = "false" };

    /// <summary>A whole number of one or more.</summary>
    public static IReadOnlyList<string> Count(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value > 0
            ? []
            : [$"found '{text}', expected a whole number from 1 to {int.MaxValue}"];

    /// <summary>A whole number from one to <paramref name="most"/>.</summary>
    public static SettingParser<int> CountUpTo(int most) => (string text, out int value) =>
        Count(text, out value).Count == 0 && value <= most ? [] : [$"found '{text}', expected a whole number from 1 to {most}"];

    /// <summary>A whole number of zero or more, 64 bits.</summary>
    public static IReadOnlyList<string> Seed(string text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            ? []
            : [$"found '{text}', expected a whole number from 0 to {ulong.MaxValue}"];

    /// <summary>A positive number.</summary>
    public static IReadOnlyList<string> Rate(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value) && value > 0
            ? []
            : [$"found '{text}', expected a positive number"];

    public static IReadOnlyList<string> Size(string text, out ByteSize value) => ByteSize.TryParse(text, out value, out var problem) ? [] : [problem];

    public static IReadOnlyList<string> Time(string text, out Duration value) => Duration.TryParse(text, out value, out var problem) ? [] : [problem];

    /// <summary>A latency target such as <c>p99=20ms</c>.</summary>
    public static IReadOnlyList<string> Target(string text, out Sla value)
    {
        var known = SlaText.TryParse(text, out var sla, out var problems);
        value = sla!;
        return known ? [] : problems;
    }

    /// <summary>Names joined by commas, without empty ones.</summary>
    public static IReadOnlyList<string> List(string text, out IReadOnlyList<string> value)
    {
        value = text.Split(',', StringSplitOptions.TrimEntries);
        return value.All(v => v.Length > 0) ? [] : [$"found '{text}', expected names joined by commas"];
    }

    /// <summary>Values of one kind joined by commas; every problem is told.</summary>
    public static SettingParser<IReadOnlyList<T>> ListOf<T>(SettingParser<T> kind) => (string text, out IReadOnlyList<T> value) =>
    {
        var values = new List<T>();
        var problems = new List<string>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            problems.AddRange(kind(part, out var one));
            values.Add(one);
        }

        value = values;
        return problems;
    };

    /// <summary>Knobs <c>name=value,value</c> joined by commas: a part with a sign of equality outside of parentheses begins the next knob.</summary>
    public static IReadOnlyList<string> Knobs(string text, out IReadOnlyList<string> value)
    {
        var knobs = new List<string>();
        foreach (var part in CommaList.Split(text))
        {
            var open = part.IndexOf('(', StringComparison.Ordinal);
            var begins = (open < 0 ? part : part[..open]).Contains('=', StringComparison.Ordinal);
            if (begins || knobs.Count == 0)
            {
                knobs.Add(part);
            }
            else
            {
                knobs[^1] += "," + part;
            }
        }

        value = knobs;
        return knobs.All(knob => knob.Length > 0) ? [] : [$"found '{text}', expected knobs such as threads=1,2"];
    }

    /// <summary>One of some names.</summary>
    public static SettingParser<string> OneOf(params string[] choices) => (string text, out string value) =>
    {
        value = text;
        return choices.Contains(text) ? [] : [Spelling.Unknown(text, choices)];
    };
}
