using Rectune.Core.Domain;
using Rectune.Engine.Load.Http;

namespace Rectune.Cli;

/// <summary>What <c>bench --json</c> answers.</summary>
internal sealed record BenchReport
{
    public required string Url { get; init; }

    /// <summary>How queries travelled: <c>http/1.1</c>, <c>h2c</c>, <c>http/1.1 over TLS</c> or <c>h2 over TLS</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>Name of the served model.</summary>
    public required string Model { get; init; }

    public required Sla Sla { get; init; }

    /// <summary>What arrived; sizes as the requests have them that were written in advance.</summary>
    public required Workload Workload { get; init; }

    /// <summary>Ids were uniform and smaller than this; null where they are a card's candidates.</summary>
    public int? IdBound { get; init; }

    public required ulong Seed { get; init; }

    public required TensorEncoding Encoding { get; init; }

    /// <summary>Least quality that every query asked for; null for none.</summary>
    public double? QualityMin { get; init; }

    /// <summary>Different requests that were sent.</summary>
    public required int PreparedRequests { get; init; }

    public required double MeanSamples { get; init; }

    /// <summary>Most connections allowed.</summary>
    public required int ConnectionLimit { get; init; }

    public required double TimeoutMs { get; init; }

    /// <summary>What the search for the highest rate found; null where rates were asked for.</summary>
    public BenchCapacity? Capacity { get; init; }

    /// <summary>In the order in which they were driven.</summary>
    public required IReadOnlyList<BenchRate> Rates { get; init; }
}
