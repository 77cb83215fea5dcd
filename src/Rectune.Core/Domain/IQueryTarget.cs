namespace Rectune.Core.Domain;

/// <summary>Something that answers queries: the in-process server or a client of a remote one.</summary>
public interface IQueryTarget
{
    /// <summary>
    /// Offers samples <paramref name="start"/> … <paramref name="start"/> + <paramref name="count"/> − 1 of <paramref name="source"/>.
    /// Only of an accepted query <paramref name="observer"/> hears, exactly once and on any thread. Allocates nothing in the steady state.
    /// </summary>
    Admission Submit(FeatureBatch source, int start, int count, IQueryObserver observer, long tag, QueryTerms terms = default);

    /// <summary>What each path has done since the target began, in the order of the plan's paths; empty where it cannot tell.</summary>
    IReadOnlyList<PathUse> UseOfPaths() => [];

    /// <summary>Instances that failed and were replaced since the target began.</summary>
    long InstancesReplaced => 0;
}
