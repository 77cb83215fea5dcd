namespace Rectune.Core.Domain;

/// <summary>What arrives: when, how large, and which ids.</summary>
public sealed record Workload
{
    /// <summary>Arrival process by name: <c>poisson</c>, <c>bursty:3,0.1,100ms</c>, <c>diurnal:1.5,20s</c>, <c>trace</c>.</summary>
    public required string Arrivals { get; init; }

    /// <summary>The trace that arrivals repeat; null where they are drawn.</summary>
    public ArrivalTrace? ArrivalTrace { get; init; }

    /// <summary>Query-size distribution by name: <c>deeprecsys-prod</c>, <c>lognormal</c>, <c>mlperf-dlrm</c>, <c>fixed:N</c>, <c>trace:FILE</c>, <c>histogram:FILE</c>.</summary>
    public required string Sizes { get; init; }

    /// <summary>What a trace or histogram holds, ascending; null where the name says all.</summary>
    public IReadOnlyList<SizeCount>? SizeCounts { get; init; }

    public required IndexSkew Skew { get; init; }
}
