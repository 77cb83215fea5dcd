namespace Rectune.Core.Search;

/// <summary>Ways to choose what is measured, by name.</summary>
public static class SearchStrategies
{
    public const string Improvement = "improvement";
    public const string Random = "random";
    public const string Grid = "grid";

    /// <summary>No search: everything is measured.</summary>
    public const string Exhaustive = "exhaustive";

    /// <summary>The default first.</summary>
    public static IReadOnlyList<string> Names { get; } = [Improvement, Random, Grid, Exhaustive];

    /// <param name="name">One of <see cref="Names"/>, but for <see cref="Exhaustive"/>.</param>
    /// <param name="values">What candidates would be worth at predicted service times.</param>
    /// <param name="firstPoint">The point at which candidates are measured first, where not all at once.</param>
    /// <param name="seed">Of whatever is left to chance.</param>
    public static IProposer Create(string name, ICandidateValues values, int firstPoint, ulong seed) => name switch
    {
        Improvement => new ImprovementProposer(values, firstPoint, seed),
        Random => new RandomProposer(seed),
        Grid => new GridProposer(),
        _ => throw new ArgumentException($"no search is called '{name}'", nameof(name)),
    };
}
