namespace Rectune.Core.Search;

/// <summary>Everything, in the order of enumeration.</summary>
public sealed class ExhaustiveProposer : IProposer
{
    public IReadOnlyList<int> Propose(SearchState state, int count)
    {
        ArgumentNullException.ThrowIfNull(state);
        return [.. state.Unmeasured.Take(count)];
    }
}
