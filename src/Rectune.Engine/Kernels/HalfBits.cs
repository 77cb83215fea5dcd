using System.Runtime.Intrinsics.X86;

namespace Rectune.Engine.Kernels;

/// <summary>
/// Constants for widening IEEE 754 binary16 to binary32. Sign-extended bits moved up by 13 have sign and magnitude in their places, the exponent 112 = 127 − 15 too low.
/// <para>
/// A multiplication by 2¹¹² rebases it, exactly and for subnormals too, at the price of operands that are subnormal in binary32: free on AMD's cores since Zen, over a
/// hundred cycles on others, and small weights in fp16 often are subnormal. Elsewhere integers do it: the exponent is rebased by an addition; zero and subnormals (exponent 0)
/// get one exponent step more and have its value subtracted, which normalises them exactly. Stored rows are finite, so infinities need no case of their own.
/// </para>
/// </summary>
internal static class HalfBits
{
    public const int Shift = 13;

    /// <summary>Sign and magnitude after the shift of sign-extended bits.</summary>
    public const int Mask = unchecked((int)0x8FFF_E000);

    /// <summary>Exponent bits after the shift.</summary>
    public const int Exponent = 0x0F80_0000;

    public const int Sign = unchecked((int)0x8000_0000);

    /// <summary>(127 − 15) in the exponent's place.</summary>
    public const int Rebase = 0x3800_0000;

    /// <summary>One exponent step.</summary>
    public const int Step = 0x0080_0000;

    /// <summary>The bits of 2⁻¹⁴, the smallest normal binary16.</summary>
    public const int SmallestNormal = 0x3880_0000;

    /// <summary>2¹¹².</summary>
    public const float Scale = 5.192296858534828e33f;

    /// <summary>Bits of the largest finite binary16, 65504.</summary>
    public const ushort Largest = 0x7BFF;

    public const ushort HalfExponent = 0x7C00;

    public const ushort HalfSign = 0x8000;

    /// <summary>"AuthenticAMD", family 17h or later.</summary>
    public static readonly bool SubnormalsAreFree = X86Base.IsSupported && IsZen();

    private static bool IsZen()
    {
        var vendor = X86Base.CpuId(0, 0);
        var family = X86Base.CpuId(1, 0).Eax;
        return (vendor.Ebx, vendor.Edx, vendor.Ecx) == (0x68747541, 0x69746E65, 0x444D4163) && ((family >> 8) & 0xF) + ((family >> 20) & 0xFF) >= 0x17;
    }
}
