namespace Rectune.Core.Domain;

/// <summary>Finds the word that a misspelt one was meant to be.</summary>
public static class Spelling
{
    /// <summary>
    /// The known word at the smallest distance (insertions, deletions, replacements and swaps of neighbours; case ignored), or null when even that one
    /// differs in more than a third of its letters.
    /// </summary>
    public static string? Closest(string word, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(known);
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in known)
        {
            var distance = Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < bestDistance && distance <= Math.Max(1, Math.Max(word.Length, candidate.Length) / 3))
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary><c>did you mean 'x'?</c>, or the list of what is known when nothing comes close.</summary>
    public static string Advice(string word, IReadOnlyCollection<string> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        return Closest(word, known) is { } close ? $"did you mean '{close}'?" : $"known: {string.Join(", ", known)}";
    }

    /// <summary><c>found 'x', expected one of …</c>, and the name that was probably meant.</summary>
    public static string Unknown(string found, IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var message = $"found '{found}', expected one of {string.Join(", ", names)}";
        return Closest(found, names) is { } close ? $"{message}; did you mean '{close}'?" : message;
    }

    /// <summary>Optimal string alignment distance (Damerau 1964, restricted).</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            d[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            d[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
