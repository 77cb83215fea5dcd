using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Cli;

/// <summary>A measurement in a few numbers.</summary>
internal sealed record ProfileRowReport
{
    public required string Path { get; init; }

    public required int Batch { get; init; }

    /// <summary>Median of the undisturbed runs, or of all where every run was disturbed; measured.</summary>
    public required double MedianUs { get; init; }

    /// <summary>99th percentile of the same runs; null below its sample floor.</summary>
    public double? P99Us { get; init; }

    /// <summary>Half-width of its 95 % interval over it, of the runs alone; null where they are too few for one.</summary>
    public double? P99RelativeError { get; init; }

    /// <summary>Half-width of the 95 % interval of the median over the median.</summary>
    public required double MedianRelativeError { get; init; }

    public required int Runs { get; init; }

    public required int DisturbedRuns { get; init; }

    /// <summary>Median time of everything before the dense graph, decoders included, microseconds; null where they run inside the graph.</summary>
    public double? EmbeddingUs { get; init; }

    /// <summary>Operators of the graphs, the longest first; null where they were not asked for.</summary>
    public IReadOnlyList<OperatorTime>? Operators { get; init; }

    public static ProfileRowReport Of(MeasurementRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        double[] sorted = [.. (row.ServiceUs.Count > 0 ? row.ServiceUs : row.DisturbedUs).Order()];
        return new ProfileRowReport
        {
            Path = row.Key.Configuration.Id(),
            Batch = row.Key.Batch,
            MedianUs = row.MedianUs(),
            P99Us = sorted.Length >= Percentiles.MinimumSamples(0.99) ? Percentiles.NearestRank(sorted, 0.99) : null,
            P99RelativeError = PercentileInterval.Ranks(sorted.Length, 0.99, 0.95) is null ? null : Math.Round(PercentileInterval.RelativeError(sorted, 0.99, 0.95), 5),
            MedianRelativeError = row.MedianRelativeError,
            EmbeddingUs = row.Terms.EmbeddingUs,
            Operators = row.Operators,
            Runs = row.ServiceUs.Count + row.DisturbedUs.Count,
            DisturbedRuns = row.DisturbedUs.Count,
        };
    }
}
