namespace Rectune.Core.Domain;

/// <summary>What one query asks for itself; nothing unless it says so.</summary>
public readonly record struct QueryTerms
{
    /// <summary>Time in which it must be answered, microseconds, where the target's own limit is not shorter; 0: the target's own, if it has one.</summary>
    public long LimitUs { get; init; }

    /// <summary>Least quality of every path that answers a sample of it, in the metric of the plan; null: any will do.</summary>
    public double? QualityMin { get; init; }
}
