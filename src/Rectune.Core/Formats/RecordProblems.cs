namespace Rectune.Core.Formats;

/// <summary>Reports what is wrong with a complete record, at the line and column of the member it concerns.</summary>
internal sealed class RecordProblems(JsonNode root, ProblemList problems, string prefix)
{
    /// <summary>The same list, with paths below <paramref name="path"/>.</summary>
    public RecordProblems Below(string path) => new(root, problems, prefix + path);

    /// <param name="path">Below the prefix: <c>.sparse[2].rows</c>.</param>
    /// <param name="what">What was found and what was expected.</param>
    /// <param name="advice">What to do, where the expectation does not say it.</param>
    public void Add(string path, string what, string? advice = null) =>
        problems.Add(root.Nearest(prefix + path).Offset, prefix + path, what, advice);

    /// <summary>Reports unless <paramref name="holds"/>.</summary>
    public void Require(bool holds, string path, object found, string expected, string? advice = null)
    {
        if (!holds)
        {
            Add(path, FormattableString.Invariant($"found {found}, expected {expected}"), advice);
        }
    }
}
