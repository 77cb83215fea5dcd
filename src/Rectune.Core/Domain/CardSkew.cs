namespace Rectune.Core.Domain;

/// <summary>A card's default index skew.</summary>
public sealed record CardSkew
{
    /// <summary>Exponent α of P(rank r) ∝ r^−α; 0 is uniform.</summary>
    public required double ZipfExponent { get; init; }

    public required Provenance Source { get; init; }

    /// <summary>Citation or reason.</summary>
    public required string Where { get; init; }
}
