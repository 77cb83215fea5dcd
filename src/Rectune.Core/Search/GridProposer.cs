namespace Rectune.Core.Search;

/// <summary>Candidates in even steps through the enumeration, finer with every call, at all of their points; measures everything in the end.</summary>
public sealed class GridProposer : IProposer
{
    public IReadOnlyList<Proposal> Propose(SearchState state, int count)
    {
        ArgumentNullException.ThrowIfNull(state);
        int[] left = [.. state.Open];
        var taken = Math.Min(count, left.Length);
        return [.. Enumerable.Range(0, taken).Select(i => left[(int)(((2L * i) + 1) * left.Length / (2L * taken))]).Select(i => Proposal.Rest(state, i))];
    }
}
