using System.Reflection;
using Rectune.Core.Domain;
using Rectune.Core.Formats;

namespace Rectune.Core.Search;

/// <summary>The built-in search spaces.</summary>
public static class Spaces
{
    public const string Default = "default";

    private const string Prefix = "spaces/";
    private const string Suffix = ".json";

    /// <summary>Every name, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Suffix.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <exception cref="InvalidInputException">No space has that name.</exception>
    public static SpaceDescription Named(string name, string place)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Names.Contains(name))
        {
            throw new InvalidInputException(place, Spelling.Unknown(name, Names), "or name a file (.json)");
        }

        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name + Suffix)!;
        using var reader = new StreamReader(stream);
        return Read(reader.ReadToEnd(), $"search-spaces/{name}.json");
    }

    /// <summary>Reads a space; knobs are checked when they meet a model.</summary>
    public static SpaceDescription Read(string text, string fileName)
    {
        var space = RecordText.Read<SpaceDescription>(text, fileName);
        var unknown = space.Knobs.Keys.Where(knob => !SpaceKnobs.Names.Contains(knob)).ToArray();
        return unknown.Length == 0
            ? space
            : throw new InvalidInputException([.. unknown.Select(knob => new InputProblem($"{fileName}: $.knobs.{knob}", Spelling.Unknown(knob, SpaceKnobs.Names)))]);
    }
}
