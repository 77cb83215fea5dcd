namespace Rectune.Core.Search;

/// <summary>Says what to measure next.</summary>
public interface IProposer
{
    /// <summary>Up to <paramref name="count"/> candidates with points that were not measured yet, in the order in which they should be; none when nothing is worth it any more.</summary>
    /// <param name="state">What is known.</param>
    IReadOnlyList<Proposal> Propose(SearchState state, int count);
}
