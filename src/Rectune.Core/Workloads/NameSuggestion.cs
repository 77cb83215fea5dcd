namespace Rectune.Core.Workloads;

/// <summary>The message for a name that is not in a list: all names, and the one that was probably meant.</summary>
internal static class NameSuggestion
{
    public static string Unknown(string found, IReadOnlyList<string> names)
    {
        var message = $"found '{found}', expected one of {string.Join(", ", names)}";
        var closest = names.MinBy(name => Distance(found, name));
        // More than a third of the letters wrong is another word, not a slip.
        return closest is not null && Distance(found, closest) * 3 <= closest.Length ? $"{message}; did you mean '{closest}'?" : message;
    }

    /// <summary>Levenshtein distance, letters compared without case: insertions, deletions and replacements to get from one to the other.</summary>
    private static int Distance(string left, string right)
    {
        var above = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            above[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = above[j - 1] + (char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1);
                current[j] = Math.Min(replaced, 1 + Math.Min(above[j], current[j - 1]));
            }

            above = current;
        }

        return above[right.Length];
    }
}
