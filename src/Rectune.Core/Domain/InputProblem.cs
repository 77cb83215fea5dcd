namespace Rectune.Core.Domain;

/// <summary>One thing wrong with an input: where, what was found, what was expected, what to do.</summary>
/// <param name="Where"><c>file(line,col): $.path</c>, an option's name, or a feature's name.</param>
/// <param name="What">What was found and what was expected.</param>
/// <param name="Advice">What to do, or null when the expectation says it.</param>
public sealed record InputProblem(string Where, string What, string? Advice = null)
{
    public override string ToString() => Advice is null ? $"{Where}: {What}" : $"{Where}: {What}; {Advice}";
}
