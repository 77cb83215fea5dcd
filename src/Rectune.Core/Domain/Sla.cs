namespace Rectune.Core.Domain;

/// <summary>Percentile and limit on query latency, from scheduled arrival to complete answer. A refused, failed or timed-out query is over the limit.</summary>
public sealed record Sla
{
    /// <summary>Percent, one of 50, 90, 95, 99, 99.9.</summary>
    public required double Percentile { get; init; }

    public required double LimitMs { get; init; }

    /// <summary>Share of queries that may be over the limit: 0.01 for p99.</summary>
    public double AllowedShare() => 1 - (Percentile / 100);

    /// <summary>The most that <see cref="Rarity"/> is: of p99.9.</summary>
    public const int MostRarity = 10;

    /// <summary>How many times as many queries as of a p99 it takes to see as many over the limit; at least 1.</summary>
    public int Rarity() => Math.Clamp((int)Math.Round(0.01 / AllowedShare()), 1, MostRarity);

    public override string ToString() => FormattableString.Invariant($"p{Percentile}={LimitMs}ms");
}
