using System.Text;

namespace Rectune.Core.Formats;

/// <summary>How names of the code are written in files.</summary>
internal static class JsonNames
{
    /// <summary><c>P99Ms</c> becomes <c>p99Ms</c>.</summary>
    public static string Member(string property) => char.ToLowerInvariant(property[0]) + property[1..];

    /// <summary><c>NotRun</c> becomes <c>not-run</c>.</summary>
    public static string Choice(Enum value)
    {
        var name = value.ToString();
        var text = new StringBuilder(name.Length + 2);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
