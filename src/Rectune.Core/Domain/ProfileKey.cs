namespace Rectune.Core.Domain;

/// <summary>Identity of a measurement. A measurement is valid for a question only when every field agrees.</summary>
public sealed record ProfileKey
{
    public required Configuration Configuration { get; init; }

    /// <summary>Samples scored in one run.</summary>
    public required int Batch { get; init; }

    /// <summary><see cref="IndexSkew.Key"/> of the ids that were looked up.</summary>
    public required string Skew { get; init; }

    /// <summary>SHA-256 of the model card's canonical text.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>Identity of the weights: <c>random:seed</c> or a SHA-256.</summary>
    public required string Weights { get; init; }

    public required string MachineFingerprint { get; init; }

    /// <summary>Versions of everything that runs the path, and how it was measured: <see cref="RuntimeVersions.MeasuringFingerprint"/>.</summary>
    public required string RuntimeFingerprint { get; init; }
}
