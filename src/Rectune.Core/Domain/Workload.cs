namespace Rectune.Core.Domain;

/// <summary>What arrives: when, how large, and which ids.</summary>
public sealed record Workload
{
    /// <summary>Arrival process; <c>poisson</c>: independent exponential gaps.</summary>
    public required string Arrivals { get; init; }

    /// <summary>Query-size distribution by name: <c>deeprecsys-prod</c>, <c>lognormal</c>, <c>mlperf-dlrm</c>, <c>fixed:N</c>.</summary>
    public required string Sizes { get; init; }

    public required IndexSkew Skew { get; init; }
}
