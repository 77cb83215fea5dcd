using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Rectune.Engine.Hardware;

/// <summary>Instruction sets that this process can use, best first. What the runtime was told to leave alone is not listed.</summary>
public static class InstructionSets
{
    /// <summary>Bit of ECX in leaf 7 of CPUID that stands for AVX512_VNNI (Intel SDM volume 2A, CPUID).</summary>
    private const int Vnni = 1 << 11;

    public static IReadOnlyList<string> Present()
    {
        var sets = new List<string>();
        if (Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported)
        {
            sets.Add("avx512");
            if ((X86Base.CpuId(7, 0).Ecx & Vnni) != 0)
            {
                sets.Add("avx512vnni");
            }
        }

        if (Avx2.IsSupported && Fma.IsSupported)
        {
            sets.Add("avx2");
        }

        if (Dp.IsSupported)
        {
            sets.Add("dotprod");
        }

        if (AdvSimd.IsSupported)
        {
            sets.Add("neon");
        }

        return sets;
    }
}
