namespace Rectune.Core.Domain;

/// <summary>Where the time of one run goes, in microseconds. A term that does not exist on the device is null, not zero.</summary>
public sealed record ServiceTerms
{
    /// <summary>Host: bringing a query's features into the instance's buffers.</summary>
    public required double PrepareUs { get; init; }

    /// <summary>Host to device; null where the device is the host.</summary>
    public double? CopyInUs { get; init; }

    /// <summary>Embedding kernels and dense graph.</summary>
    public required double ComputeUs { get; init; }

    /// <summary>Part of <see cref="ComputeUs"/> spent in the embedding kernels; null when they run inside the graph.</summary>
    public double? EmbeddingUs { get; init; }

    /// <summary>Device to host and into the answer.</summary>
    public required double CopyOutUs { get; init; }

    /// <summary>Every term so many times as long.</summary>
    public ServiceTerms Times(double factor) => this with
    {
        PrepareUs = Math.Round(PrepareUs * factor, 3),
        CopyInUs = CopyInUs is { } copyIn ? Math.Round(copyIn * factor, 3) : null,
        ComputeUs = Math.Round(ComputeUs * factor, 3),
        EmbeddingUs = EmbeddingUs is { } embedding ? Math.Round(embedding * factor, 3) : null,
        CopyOutUs = Math.Round(CopyOutUs * factor, 3),
    };
}
