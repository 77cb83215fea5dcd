namespace Rectune.Core.Domain;

/// <summary>Fetching random rows, whatever is then done with them.</summary>
public sealed record FetchLimit
{
    /// <summary>Threads that fetch, each a part.</summary>
    public required int Threads { get; init; }

    public required int RowBytes { get; init; }

    /// <summary>At the prefetch distance that suits them best.</summary>
    public required double RowsPerSecond { get; init; }
}
