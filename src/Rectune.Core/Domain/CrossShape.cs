namespace Rectune.Core.Domain;

/// <summary>Size of a low-rank cross network (DCN-V2, arXiv 2008.13535).</summary>
public sealed record CrossShape
{
    public required int Layers { get; init; }

    /// <summary>Width between the two matrices of a layer.</summary>
    public required int Rank { get; init; }
}
