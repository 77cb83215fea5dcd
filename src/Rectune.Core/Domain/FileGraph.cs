namespace Rectune.Core.Domain;

/// <summary>The graph of a user's model file without its embedding lookups: what was found when the file was taken apart and proved equal to itself.</summary>
public sealed record FileGraph
{
    /// <summary>The file as it was named.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the file and of the files that hold its data.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The output that is the score.</summary>
    public required string Output { get; init; }

    /// <summary>Scores of a sample.</summary>
    public required int Outputs { get; init; }

    /// <summary>Bytes of the graph that remains, weights included.</summary>
    public required long Bytes { get; init; }

    /// <summary>Samples that the graph takes at a time; 0 where it takes any number.</summary>
    public required int BatchStep { get; init; }

    /// <summary>Samples compared between the file as it is and taken apart.</summary>
    public required int ComparedSamples { get; init; }

    /// <summary>Largest difference of a score between the two, measured.</summary>
    public required double MaxAbsError { get; init; }

    /// <summary>Dense columns that carry ids whose lookup stays in the graph.</summary>
    public IReadOnlyList<DenseIds> DenseIds { get; init; } = [];
}
