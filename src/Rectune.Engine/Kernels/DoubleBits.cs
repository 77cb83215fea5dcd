namespace Rectune.Engine.Kernels;

/// <summary>Constants for taking IEEE 754 binary64 numbers apart and putting them together with integer operations.</summary>
internal static class DoubleBits
{
    public const int SignificandBits = 52;

    public const ulong Significand = (1UL << SignificandBits) - 1;

    public const double Bias = 1023;

    /// <summary>The bits of 1.0.</summary>
    public const ulong One = 0x3FF0_0000_0000_0000;

    /// <summary>The bits of <see cref="WholeOffset"/>, whose last place is worth 1.</summary>
    public const ulong Whole = 0x4330_0000_0000_0000;

    /// <summary>2⁵²</summary>
    public const double WholeOffset = 1L << SignificandBits;
}
