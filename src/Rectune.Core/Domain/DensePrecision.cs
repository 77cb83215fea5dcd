namespace Rectune.Core.Domain;

/// <summary>How the fully connected layers compute.</summary>
public static class DensePrecision
{
    public const string Fp32 = "fp32";

    /// <summary>Weights in eight bits with a scale a column, inputs quantised run by run ("dynamic quantisation").</summary>
    public const string Int8 = "int8";

    public static IReadOnlyList<string> All { get; } = [Fp32, Int8];
}
