namespace Rectune.Core.Domain;

/// <summary>The model that a plan serves.</summary>
public sealed record PlanModel
{
    public required string Name { get; init; }

    /// <summary>The whole card, so that the plan serves without the card's file.</summary>
    public required ModelCard Card { get; init; }

    /// <summary>SHA-256 of the card's canonical text.</summary>
    public required string Sha256 { get; init; }

    /// <summary><c>random:SEED</c>: generated from the seed; <c>onnx:SHA-256</c>: those of a model file.</summary>
    public required string Weights { get; init; }
}
