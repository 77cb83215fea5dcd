using Rectune.Core.Domain;

namespace Rectune.Core.Onnx;

/// <summary>Names that requests and reports can use for the lookups of a user's model.</summary>
internal static class FeatureNames
{
    /// <summary>Requests name the bounds of a feature's bags so.</summary>
    private const string OffsetsSuffix = ".offsets";

    /// <summary>
    /// For each lookup its input's name, followed by its table's where the input feeds several; the first of those that read the same ids has the input's name alone where
    /// they are all that the input holds: it is the one that requests name.
    /// </summary>
    public static IReadOnlyList<string> For(IReadOnlyList<(string Input, int FirstId, string Table)> lookups)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal) { DenseTensors.Dense };
        return [.. lookups.Select(lookup => Unique(
            IsTheInput(lookups, lookup) ? Plain(lookup.Input) : $"{Plain(lookup.Input)}.{Plain(lookup.Table)}", taken))];
    }

    private static bool IsTheInput(IReadOnlyList<(string Input, int FirstId, string Table)> lookups, (string Input, int FirstId, string Table) lookup)
    {
        var same = lookups.Where(other => other.Input == lookup.Input).ToArray();
        return same.All(other => other.FirstId == lookup.FirstId) && same[0] == lookup;
    }

    private static string Unique(string name, HashSet<string> taken)
    {
        var unique = name;
        for (var i = 2; !taken.Add(unique); i++)
        {
            unique = $"{name}.{i}";
        }

        return unique;
    }

    private static string Plain(string name)
    {
        var plain = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' ? letter : '_'));
        return plain.Length == 0 ? "feature" : plain.EndsWith(OffsetsSuffix, StringComparison.Ordinal) ? plain + "_" : plain;
    }
}
