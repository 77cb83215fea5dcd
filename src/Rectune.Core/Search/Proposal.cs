namespace Rectune.Core.Search;

/// <summary>Something to measure.</summary>
/// <param name="Candidate">Its number in the search.</param>
/// <param name="Points">Which of its points, ascending; none of them measured yet.</param>
/// <param name="Seconds">What measuring them is expected to take.</param>
public sealed record Proposal(int Candidate, IReadOnlyList<int> Points, double Seconds)
{
    /// <summary>Everything that a candidate lacks, of which nothing is known.</summary>
    public static Proposal Rest(SearchState state, int candidate)
    {
        ArgumentNullException.ThrowIfNull(state);
        var missing = state.Missing(candidate);
        return new Proposal(candidate, missing, missing.Count * MeasuringCost.LeastSeconds);
    }
}
