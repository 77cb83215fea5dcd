namespace Rectune.Core.Domain;

/// <summary>Something that answers queries: the in-process server or a client of a remote one.</summary>
public interface IQueryTarget
{
    /// <summary>
    /// Offers samples <paramref name="start"/> … <paramref name="start"/> + <paramref name="count"/> − 1 of <paramref name="source"/>.
    /// Returns false when the query is refused at once; otherwise <paramref name="observer"/> hears of it exactly once, on any thread.
    /// Allocates nothing in the steady state.
    /// </summary>
    bool TrySubmit(FeatureBatch source, int start, int count, IQueryObserver observer, long tag);
}
