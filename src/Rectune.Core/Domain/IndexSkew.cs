namespace Rectune.Core.Domain;

/// <summary>How unevenly ids are used in a workload. Part of every profile key: caches make skewed lookups faster than uniform ones.</summary>
public sealed record IndexSkew
{
    public required SkewKind Kind { get; init; }

    /// <summary>Exponent α of P(rank r) ∝ r^−α: the parameter of a Zipf skew, or the value fitted to data; null for uniform.</summary>
    public double? ZipfExponent { get; init; }

    /// <summary>Measured for data, assumed or published for a card's exponent.</summary>
    public required Provenance Source { get; init; }

    /// <summary>Distinct ids over lookups in the data; null without data.</summary>
    public double? DistinctShare { get; init; }

    /// <summary>Share of lookups that go to the most used 1 % of the distinct ids; null without data.</summary>
    public double? HottestPercentShare { get; init; }

    /// <summary>The data file as it was named when the plan was made; null without data.</summary>
    public string? DataFile { get; init; }

    /// <summary>SHA-256 of the data file, hexadecimal; null without data.</summary>
    public string? DataSha256 { get; init; }

    /// <summary>Rows of the data file; null without data.</summary>
    public long? DataRows { get; init; }

    /// <summary>The text that tells two skews apart in a profile key.</summary>
    public string Key() => Kind switch
    {
        SkewKind.Uniform => "uniform",
        SkewKind.Zipf => FormattableString.Invariant($"zipf:{ZipfExponent}"),
        SkewKind.Data => $"data:{DataSha256}",
        _ => throw new InvalidOperationException($"unknown skew {Kind}"),
    };
}
