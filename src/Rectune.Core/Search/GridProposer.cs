namespace Rectune.Core.Search;

/// <summary>Candidates in even steps through the enumeration, finer with every call; measures everything in the end.</summary>
public sealed class GridProposer : IProposer
{
    public IReadOnlyList<int> Propose(SearchState state, int count)
    {
        ArgumentNullException.ThrowIfNull(state);
        int[] left = [.. state.Unmeasured];
        var taken = Math.Min(count, left.Length);
        return [.. Enumerable.Range(0, taken).Select(i => left[(int)(((2L * i) + 1) * left.Length / (2L * taken))])];
    }
}
