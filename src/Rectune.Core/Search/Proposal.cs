namespace Rectune.Core.Search;

/// <summary>Something to measure.</summary>
/// <param name="Candidate">Its number in the search.</param>
/// <param name="Points">Which of its points, ascending; none of them measured yet.</param>
public sealed record Proposal(int Candidate, IReadOnlyList<int> Points);
