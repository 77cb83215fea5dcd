using Rectune.Core.Domain;

namespace Rectune.Engine.Data;

/// <summary>What is wrong with a text file, by line and column, up to a number at which reading stops.</summary>
/// <param name="name">The file's name for messages.</param>
internal sealed class TextProblems(string name)
{
    /// <summary>Problems reported before reading stops.</summary>
    public const int Most = 20;

    private readonly List<InputProblem> problems = [];

    public bool None => problems.Count == 0;

    public bool Full => problems.Count >= Most;

    /// <param name="line">From 1.</param>
    /// <param name="column">From 1, in bytes.</param>
    public void Add(long line, long column, string what) =>
        problems.Add(new InputProblem($"{name}({line},{column})", what, problems.Count == Most - 1 ? $"reading stopped at {Most} problems" : null));

    public InvalidInputException Thrown() => new(problems);
}
