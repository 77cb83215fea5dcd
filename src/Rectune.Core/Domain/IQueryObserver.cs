namespace Rectune.Core.Domain;

/// <summary>Hears how a query ended.</summary>
public interface IQueryObserver
{
    /// <param name="tag">The tag given at submission.</param>
    /// <param name="scores"><c>[count, outputs]</c>, valid during the call only; empty unless completed.</param>
    /// <param name="failed">True when the query was accepted and could not be answered.</param>
    void Ended(long tag, ReadOnlySpan<float> scores, bool failed);
}
