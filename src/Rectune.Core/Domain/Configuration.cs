namespace Rectune.Core.Domain;

/// <summary>What is measured: one way to hold and run the model. Limits (batch, queue) are not part of it.</summary>
public sealed record Configuration
{
    /// <summary>Several times as many as make finding the nearest as much work as any published decoder.</summary>
    public const int MostCentroids = 4096;

    public required Representation Representation { get; init; }

    public required TablePrecision TablePrecision { get; init; }

    /// <summary>Precision of the dense graph's layers: one of <see cref="Domain.DensePrecision.All"/>.</summary>
    public string DensePrecision { get; init; } = Domain.DensePrecision.Fp32;

    /// <summary>Which of the equivalent graphs runs; <c>default</c> is the one written by the model's builder.</summary>
    public string GraphVariant { get; init; } = "default";

    /// <summary>Device of the dense graph as found on the machine: <c>cpu</c>, <c>cuda:0</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Where the tables live: one of <see cref="TablePlacement.All"/>.</summary>
    public string Placement { get; init; } = TablePlacement.Host;

    /// <summary>Intra-op threads of one instance.</summary>
    public required int Threads { get; init; }

    /// <summary>Concurrent instances sharing the tables.</summary>
    public required int Instances { get; init; }

    /// <summary>Budget of the vector cache; 0 is none.</summary>
    public long CacheBytes { get; init; }

    /// <summary>
    /// Centroids of each hashed table whose vectors stand for those of all ids that no cache holds, 1 to <see cref="MostCentroids"/>: faster than decoding, and not the same scores. Null where
    /// ids are decoded, which 0 means too.
    /// </summary>
    public int? Centroids { get; init => field = value == 0 ? null : value; }

    public RuntimeOptions Runtime { get; init; } = new();

    /// <summary>Cores that the configuration keeps busy under load.</summary>
    public int Cores() => Threads * Instances;

    /// <summary>A stable, readable identity; two configurations are equal exactly when their identities are.</summary>
    public string Id()
    {
        var dense = DensePrecision == Domain.DensePrecision.Fp32 ? "" : $"-dense.{DensePrecision}";
        var variant = GraphVariant == "default" ? "" : $"-graph.{GraphVariant}";
        var placement = Placement == TablePlacement.Host ? "" : $"-{Placement}";
        var cache = CacheBytes == 0 ? "" : $"-cache.{CacheBytes}";
        var centroids = Centroids is { } count ? $"-centroids.{count}" : "";
        var spin = Runtime.Spinning ? "-spin" : "";
        var pin = Runtime.Pinned ? "" : "-unpinned";
        return $"{Representation.Id()}-{TablePrecision.Name()}{dense}{variant}-{Device}{placement}-i{Instances}-t{Threads}{cache}{centroids}{spin}{pin}";
    }
}
