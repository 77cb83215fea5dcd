using Rectune.Core.Domain;
using Rectune.Core.Units;
using Rectune.Engine.Load.Http;

namespace Rectune.Cli;

/// <summary>What <c>rectune bench</c> was told, every value resolved.</summary>
internal sealed record BenchOptions
{
    public required string Url { get; init; }

    /// <summary>What requests carry, and which certificates are believed.</summary>
    public required ServerAccess Access { get; init; }

    /// <summary>Name of the model as it is served.</summary>
    public required string Name { get; init; }

    /// <summary>The model's card; null where only its name is known.</summary>
    public ModelCard? Card { get; init; }

    public required Sla Sla { get; init; }

    /// <summary>Rates to drive, queries per second; empty where the highest is looked for.</summary>
    public IReadOnlyList<double> Qps { get; init; } = [];

    /// <summary>Time under load at each rate; null where it depends on the rate.</summary>
    public Duration? For { get; init; }

    public required QueryLoad Load { get; init; }

    /// <summary>Null takes the card's own.</summary>
    public IndexSkew? Skew { get; init; }

    /// <summary>Ids are smaller than this where there is no card.</summary>
    public required int IdBound { get; init; }

    public required ulong Seed { get; init; }

    public required TensorEncoding Encoding { get; init; }

    /// <summary>Least quality that every query asks for; null for none.</summary>
    public double? QualityMin { get; init; }

    public required int Connections { get; init; }

    public required Duration Timeout { get; init; }

    /// <summary>Where the table is written; null for nowhere.</summary>
    public string? Csv { get; init; }
}
