using System.Globalization;
using System.Text;

namespace Rectune.Engine.Kernels;

/// <summary>Core numbers as the kernel writes them, <c>2-5,8</c>, in an order that is kept.</summary>
public static class CoreListText
{
    private const int HighestCore = 4095;

    /// <summary>Neighbours that ascend are written as a range.</summary>
    public static string Text(IReadOnlyList<int> cores)
    {
        ArgumentNullException.ThrowIfNull(cores);
        var text = new StringBuilder();
        for (var i = 0; i < cores.Count; i++)
        {
            var first = i;
            while (i + 1 < cores.Count && cores[i + 1] == cores[i] + 1)
            {
                i++;
            }

            text.Append(text.Length > 0 ? "," : "").Append(CultureInfo.InvariantCulture, $"{cores[first]}");
            if (i > first)
            {
                text.Append(CultureInfo.InvariantCulture, $"-{cores[i]}");
            }
        }

        return text.ToString();
    }

    /// <param name="text">Numbers and ascending ranges, none of them twice.</param>
    /// <param name="cores">In the order of the text.</param>
    /// <param name="problem">What is wrong with it; empty where nothing is.</param>
    public static bool TryParse(string text, out IReadOnlyList<int> cores, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (found, seen) = (new List<int>(), new HashSet<int>());
        (cores, problem) = ([], "");
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            if (!TryNumber(dash < 0 ? part : part[..dash], out var first) || !TryNumber(part[(dash + 1)..], out var last) || last < first)
            {
                problem = $"found '{part}', expected core numbers up to {HighestCore} and ranges of them, joined by commas, such as 2-5,8";
                return false;
            }

            for (var core = first; core <= last; core++)
            {
                if (!seen.Add(core))
                {
                    problem = $"found core {core} twice, expected each once";
                    return false;
                }

                found.Add(core);
            }
        }

        cores = found;
        return true;
    }

    private static bool TryNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= HighestCore;
}
