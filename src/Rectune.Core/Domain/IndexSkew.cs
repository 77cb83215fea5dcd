namespace Rectune.Core.Domain;

/// <summary>How unevenly ids are used in a workload. Part of every profile key: caches make skewed lookups faster than uniform ones.</summary>
public sealed record IndexSkew
{
    /// <summary>Largest exponent accepted: steeper than any workload, one id takes nearly everything.</summary>
    public const double SteepestExponent = 10;

    public required SkewKind Kind { get; init; }

    /// <summary>Exponent α of P(rank r) ∝ r^−α: the parameter of a Zipf skew, or the value fitted to data or to a trace; null for uniform.</summary>
    public double? ZipfExponent { get; init; }

    /// <summary>Measured for data and traces, assumed or published for a card's exponent.</summary>
    public required Provenance Source { get; init; }

    /// <summary>Distinct ids over lookups in the data or the trace; null without either.</summary>
    public double? DistinctShare { get; init; }

    /// <summary>Share of lookups that go to the most used 1 % of the distinct ids; null without data or trace.</summary>
    public double? HottestPercentShare { get; init; }

    /// <summary>The data or trace file as it was named when the plan was made; null without either.</summary>
    public string? DataFile { get; init; }

    /// <summary>SHA-256 of that file, hexadecimal; null without one.</summary>
    public string? DataSha256 { get; init; }

    /// <summary>Rows of the data file, ids of the trace; null without either.</summary>
    public long? DataRows { get; init; }

    /// <summary>The text that tells two skews apart in a profile key.</summary>
    public string Key() => Kind switch
    {
        SkewKind.Uniform => "uniform",
        SkewKind.Zipf => FormattableString.Invariant($"zipf:{ZipfExponent}"),
        SkewKind.Data => $"data:{DataSha256}",
        SkewKind.Trace => $"trace:{DataSha256}",
        _ => throw new InvalidOperationException($"unknown skew {Kind}"),
    };
}
