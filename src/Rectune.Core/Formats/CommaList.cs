namespace Rectune.Core.Formats;

/// <summary>Values joined by commas, of which some have commas of their own in parentheses: <c>table,dhe(k=512,hidden=128)</c>.</summary>
public static class CommaList
{
    /// <summary>The parts between commas outside of parentheses, without blanks around them; one empty part where the text is empty.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = new List<string>();
        var (start, depth) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (text[i] == ',' && depth == 0)
            {
                parts.Add(text[start..i].Trim());
                start = i + 1;
            }
        }

        parts.Add(text[start..].Trim());
        return parts;
    }
}
