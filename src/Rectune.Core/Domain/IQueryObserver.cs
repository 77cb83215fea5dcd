namespace Rectune.Core.Domain;

/// <summary>Hears how a query ended.</summary>
public interface IQueryObserver
{
    /// <param name="tag">The tag given at submission.</param>
    /// <param name="scores"><c>[count, outputs]</c>, valid during the call only; empty unless answered.</param>
    /// <param name="end">Whether it was answered, or why not.</param>
    void Ended(long tag, ReadOnlySpan<float> scores, QueryEnd end);
}
