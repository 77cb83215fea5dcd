namespace Rectune.Core.Search;

/// <summary>Ways to choose what is measured, by name.</summary>
public static class SearchStrategies
{
    public const string Improvement = "improvement";
    public const string Random = "random";
    public const string Grid = "grid";
    public const string Exhaustive = "exhaustive";

    /// <summary>The default first.</summary>
    public static IReadOnlyList<string> Names { get; } = [Improvement, Random, Grid, Exhaustive];

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="valueOf">What a candidate would be worth at predicted medians, see <see cref="ImprovementProposer"/>.</param>
    public static IProposer Create(string name, Func<int, IReadOnlyList<double>, double> valueOf, ulong seed) => name switch
    {
        Improvement => new ImprovementProposer(valueOf),
        Random => new RandomProposer(seed),
        Grid => new GridProposer(),
        Exhaustive => new ExhaustiveProposer(),
        _ => throw new ArgumentException($"no search is called '{name}'", nameof(name)),
    };
}
