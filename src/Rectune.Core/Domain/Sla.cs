namespace Rectune.Core.Domain;

/// <summary>Percentile and limit on query latency, from scheduled arrival to complete answer. A refused, failed or timed-out query is over the limit.</summary>
public sealed record Sla
{
    /// <summary>Percent, one of 50, 90, 95, 99, 99.9.</summary>
    public required double Percentile { get; init; }

    public required double LimitMs { get; init; }

    /// <summary>Share of queries that may be over the limit: 0.01 for p99.</summary>
    public double AllowedShare() => 1 - (Percentile / 100);

    public override string ToString() => FormattableString.Invariant($"p{Percentile}={LimitMs}ms");
}
