namespace Rectune.Core.Domain;

/// <summary>What a machine can do at most, measured: what every result can be put against. <c>limits.json</c> of a profile.</summary>
public sealed record MachineLimits
{
    public const string SchemaName = "rectune.limits/1";

    public required string Schema { get; init; }

    public required string MachineFingerprint { get; init; }

    public required string RuntimeFingerprint { get; init; }

    /// <summary>Reading memory in sequence.</summary>
    public required IReadOnlyList<StreamLimit> Stream { get; init; }

    /// <summary>Fetching random rows.</summary>
    public required IReadOnlyList<FetchLimit> Fetch { get; init; }

    /// <summary>Multiplying matrices: the best of several sizes.</summary>
    public required IReadOnlyList<ProductLimit> Products { get; init; }

    /// <summary>From calling a parked thread until it runs, median, microseconds; null on one core.</summary>
    public double? WakeUpUs { get; init; }

    /// <summary>One run of a graph of a single addition, median, microseconds.</summary>
    public required double GraphRunUs { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    public required string MeasuredAt { get; init; }
}
