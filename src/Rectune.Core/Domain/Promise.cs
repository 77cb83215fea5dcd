namespace Rectune.Core.Domain;

/// <summary>The rate a plan stands for: the highest at which its latency target is certified.</summary>
public sealed record Promise
{
    /// <summary>Queries per second.</summary>
    public required double Qps { get; init; }

    /// <summary>The rate was asked for, not looked for: the path may hold more.</summary>
    public bool FixedLoad { get; init; }

    public required double Percentile { get; init; }

    public required double LimitMs { get; init; }

    /// <summary>Confidence of the certificate: 0.99.</summary>
    public required double Confidence { get; init; }

    /// <summary>Where latency ends: <c>in-process</c> or <c>http</c>.</summary>
    public required string Boundary { get; init; }
}
