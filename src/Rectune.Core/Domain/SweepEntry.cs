namespace Rectune.Core.Domain;

/// <summary>What the machine can do under one latency target.</summary>
public sealed record SweepEntry
{
    public required Sla Sla { get; init; }

    /// <summary>The path that would be chosen; null when none meets the target.</summary>
    public FrontierEntry? Best { get; init; }

    /// <summary>Its estimated knee, queries per second; null without a path.</summary>
    public Estimate? CapacityQps { get; init; }

    /// <summary>Why there is none; null with a path.</summary>
    public Infeasibility? WhyNone { get; init; }
}
