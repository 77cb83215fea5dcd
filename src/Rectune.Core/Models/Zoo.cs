using System.Reflection;

namespace Rectune.Core.Models;

/// <summary>The built-in model cards, as text.</summary>
public static class Zoo
{
    private const string Prefix = "zoo/";
    private const string Suffix = ".json";

    /// <summary>A second name for a card, where the shape has two, and the card's own.</summary>
    public static IReadOnlyDictionary<string, string> Aliases { get; } = new Dictionary<string, string>(StringComparer.Ordinal) { ["dlrm@kaggle"] = "dlrm" };

    /// <summary>Every name, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal) && n.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(n => n[Prefix.Length..^Suffix.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The card's text; false when no card has that name (names are in lower case).</summary>
    public static bool TryGetText(string name, out string json)
    {
        ArgumentNullException.ThrowIfNull(name);
        json = "";
        name = Aliases.GetValueOrDefault(name, name);
        if (!Names.Contains(name))
        {
            return false;
        }

        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name + Suffix)!;
        using var reader = new StreamReader(stream);
        json = reader.ReadToEnd();
        return true;
    }
}
