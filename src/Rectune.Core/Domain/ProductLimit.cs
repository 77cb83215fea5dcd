namespace Rectune.Core.Domain;

/// <summary>Multiplying square matrices.</summary>
public sealed record ProductLimit
{
    public required int Threads { get; init; }

    /// <summary>One of <see cref="DensePrecision.All"/>; int8 with the rounding of its inputs, as a layer has it.</summary>
    public required string Precision { get; init; }

    /// <summary>Rows and columns at which it was best.</summary>
    public required int Size { get; init; }

    /// <summary>10⁹ multiplications and additions a second.</summary>
    public required double Gflops { get; init; }
}
