namespace Rectune.Core.Domain;

/// <summary>What one kind of graph operator takes of a run; measured by the inference runtime, whose clock counts whole microseconds a call.</summary>
public sealed record OperatorTime
{
    /// <summary>Name of the graph behind the embeddings.</summary>
    public const string Dense = "dense";

    /// <summary>Name of the graphs that decode embeddings.</summary>
    public const string Decoder = "decoder";

    /// <summary><see cref="Dense"/> or <see cref="Decoder"/>.</summary>
    public required string Graph { get; init; }

    /// <summary>The runtime's name of it after its own rewriting, such as <c>FusedGemm</c>.</summary>
    public required string Operator { get; init; }

    public required double CallsPerRun { get; init; }

    /// <summary>Microseconds a run of one instance that has the machine to itself, all calls together: where decoders run side by side, the sum over their threads.</summary>
    public required double UsPerRun { get; init; }
}
