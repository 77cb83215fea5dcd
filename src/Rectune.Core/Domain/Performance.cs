namespace Rectune.Core.Domain;

/// <summary>Latency and goodput at one rate. A percentile without enough evidence is null.</summary>
public sealed record Performance
{
    /// <summary>Whether a percentile is one of those that every record has.</summary>
    public static bool Has(double percentile) => percentile is 50 or 95 or 99;

    /// <summary>Offered rate, queries per second.</summary>
    public required double OfferedQps { get; init; }

    /// <summary>Queries per second that met the target.</summary>
    public required Estimate GoodputQps { get; init; }

    /// <summary>Over all queries, refused and failed ones counted as over the limit.</summary>
    public Estimate? P50Ms { get; init; }

    public Estimate? P95Ms { get; init; }

    public Estimate? P99Ms { get; init; }

    /// <summary>The target's own percentile, where it is none of these.</summary>
    public Estimate? TargetMs { get; init; }

    /// <summary>Share of queries over the limit, refused and failed ones included.</summary>
    public required Estimate OverLimitShare { get; init; }

    /// <summary>Correct predictions per second: samples per second inside the limit × accuracy; null when the quality is unknown or no accuracy.</summary>
    public Estimate? CorrectPerSecond { get; init; }

    /// <summary>Share of queries that were refused; null where none was, or where nobody looked. Of a prediction 0 where queries can be refused for being late and none was.</summary>
    public Estimate? RefusedShare { get; init; }

    /// <summary>From the scheduled instant to the refusal, 99th percentile of the refused queries; measured alone.</summary>
    public Estimate? RefusedP99Ms { get; init; }

    /// <summary>99th percentile of the answered queries alone, where others were refused; no promise rests on it.</summary>
    public Estimate? AcceptedP99Ms { get; init; }
}
