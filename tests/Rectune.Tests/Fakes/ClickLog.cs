using System.Text;

namespace Rectune.Tests.Fakes;

/// <summary>Makes Criteo click logs.</summary>
internal static class ClickLog
{
    /// <summary>One line without its end; values that are not given are missing.</summary>
    public static string Line(string label, IReadOnlyList<string> integers, IReadOnlyList<string> categories) =>
        string.Join('\t', [label, .. Padded(integers, 13), .. Padded(categories, 26)]);

    public static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    private static IEnumerable<string> Padded(IReadOnlyList<string> values, int count) =>
        values.Concat(Enumerable.Repeat("", count - values.Count));
}
