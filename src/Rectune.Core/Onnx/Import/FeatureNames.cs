using Rectune.Core.Domain;

namespace Rectune.Core.Onnx;

/// <summary>Names that requests and reports can use for the lookups of a user's model.</summary>
internal static class FeatureNames
{
    /// <summary>Requests name the bounds of a feature's bags so.</summary>
    private const string OffsetsSuffix = ".offsets";

    /// <summary>For each lookup its input's name; followed by its table's where the input feeds several.</summary>
    public static IReadOnlyList<string> For(IReadOnlyList<(string Input, string Table)> lookups)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal) { DenseTensors.Dense };
        return [.. lookups.Select(lookup => Unique(
            lookups.Count(other => other.Input == lookup.Input) == 1 ? Plain(lookup.Input) : $"{Plain(lookup.Input)}.{Plain(lookup.Table)}", taken))];
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
