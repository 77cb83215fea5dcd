namespace Rectune.Core.Domain;

/// <summary>Where the ids of a workload come from.</summary>
public enum SkewKind
{
    /// <summary>Every id equally likely: the worst case for caches.</summary>
    Uniform,

    /// <summary>Zipf's law over the ranks, ranks scattered over the rows.</summary>
    Zipf,

    /// <summary>Rows of a click log replayed.</summary>
    Data,

    /// <summary>The rank frequencies of an access trace, ranks scattered over the rows.</summary>
    Trace,
}
