namespace Rectune.Core.Domain;

/// <summary>Versions of what runs a path, and of the way in which paths are measured.</summary>
public sealed record RuntimeVersions
{
    private const string MeasuringMark = ";measuring/";

    public required string Rectune { get; init; }

    public required string OnnxRuntime { get; init; }

    public required string Dotnet { get; init; }

    public required string OperatingSystem { get; init; }

    /// <summary><see cref="MeasuringProtocol.Current"/> of the program that measured; null for the first.</summary>
    public int? Measuring { get; init; }

    /// <summary>What running a path depends on, as one text. Operating system patch levels are left out on purpose.</summary>
    public string Fingerprint() => $"rectune/{Rectune};onnxruntime/{OnnxRuntime};dotnet/{Dotnet}";

    /// <summary>What a measurement depends on: the same, and how it was taken. Measurements of two ways of measuring are never mixed.</summary>
    public string MeasuringFingerprint() => Measuring is { } version ? FormattableString.Invariant($"{Fingerprint()}{MeasuringMark}{version}") : Fingerprint();

    /// <summary>Whether two fingerprints of measurements differ in how these were taken, and in nothing else.</summary>
    public static bool DifferInMeasuring(string left, string right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return left != right && WithoutMeasuring(left).SequenceEqual(WithoutMeasuring(right));
    }

    private static ReadOnlySpan<char> WithoutMeasuring(string fingerprint) =>
        fingerprint.IndexOf(MeasuringMark, StringComparison.Ordinal) is >= 0 and var end ? fingerprint.AsSpan(0, end) : fingerprint;
}
