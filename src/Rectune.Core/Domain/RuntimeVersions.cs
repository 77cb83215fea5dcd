namespace Rectune.Core.Domain;

/// <summary>Versions of what runs a path.</summary>
public sealed record RuntimeVersions
{
    public required string Rectune { get; init; }

    public required string OnnxRuntime { get; init; }

    public required string Dotnet { get; init; }

    public required string OperatingSystem { get; init; }

    /// <summary>What a measurement depends on, as one text. Operating system patch levels are left out on purpose.</summary>
    public string Fingerprint() => $"rectune/{Rectune};onnxruntime/{OnnxRuntime};dotnet/{Dotnet}";
}
