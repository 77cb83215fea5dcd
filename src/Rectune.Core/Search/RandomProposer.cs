using Rectune.Core.Numerics;

namespace Rectune.Core.Search;

/// <summary>Any candidate, each as likely as the others, at all of its points: what a better search must be ahead of.</summary>
public sealed class RandomProposer(ulong seed) : IProposer
{
    private const ulong Purpose = 0x52616E64;

    private SplitMix64 random = SplitMix64.For(seed, Purpose);

    public IReadOnlyList<Proposal> Propose(SearchState state, int count)
    {
        ArgumentNullException.ThrowIfNull(state);
        var left = state.Open.ToList();
        var proposed = new List<Proposal>();
        while (proposed.Count < count && left.Count > 0)
        {
            var at = (int)random.NextInt64(left.Count);
            proposed.Add(Proposal.Rest(state, left[at]));
            left.RemoveAt(at);
        }

        return proposed;
    }
}
