namespace Rectune.Engine.Kernels;

/// <summary>
/// Constants for widening IEEE 754 binary16 to binary32 with integer operations. Magnitude bits move up by 13 and the exponent is rebased by 127 − 15;
/// infinities and NaN rebase once more; zero and subnormals (exponent 0) get one exponent step too many and have its value subtracted, which
/// normalises them exactly and, unlike a multiplication, without a subnormal operand: those cost over a hundred cycles on some cores, and small
/// weights in fp16 often are subnormal.
/// </summary>
internal static class HalfBits
{
    public const uint Sign = 0x8000;

    public const uint Magnitude = 0x7FFF;

    public const int MagnitudeShift = 13;

    public const int SignShift = 16;

    /// <summary>Exponent bits after the shift; all set for infinities and NaN.</summary>
    public const uint ShiftedExponent = 0x0F80_0000;

    /// <summary>(127 − 15) in the exponent's place.</summary>
    public const uint Rebase = 0x3800_0000;

    /// <summary>One exponent step.</summary>
    public const uint Step = 0x0080_0000;

    /// <summary>The bits of 2⁻¹⁴, the smallest normal binary16.</summary>
    public const uint SmallestNormal = 0x3880_0000;
}
