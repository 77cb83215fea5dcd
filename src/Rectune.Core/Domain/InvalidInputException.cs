namespace Rectune.Core.Domain;

/// <summary>Bad usage or a malformed input: every problem found, not only the first. Exit code 2.</summary>
public sealed class InvalidInputException : Exception
{
    public InvalidInputException(IReadOnlyList<InputProblem> problems)
        : base(string.Join(Environment.NewLine, problems ?? throw new ArgumentNullException(nameof(problems)))) => Problems = problems;

    public InvalidInputException(string where, string what, string? advice = null)
        : this([new InputProblem(where, what, advice)])
    {
    }

    public IReadOnlyList<InputProblem> Problems { get; }
}
