using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rectune.Engine.Kernels;

/// <summary>16 fp32 elements at a time: AVX-512.</summary>
internal readonly unsafe struct Lanes512 : ILanes<Vector512<float>>
{
    public static int Width => Vector512<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FromSingles(float* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FromHalves(ushort* source) => Rebased(Shifted(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FromHalvesByProduct(ushort* source) => Shifted(source).AsSingle() * Vector512.Create(HalfBits.Scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Shifted(ushort* source) => (Avx512F.ConvertToVector512Int32(Vector256.Load((short*)source)) << HalfBits.Shift) & Vector512.Create(HalfBits.Mask);

    /// <summary>The exact values of shifted halves, without an operand that is subnormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Rebased(Vector512<int> bits)
    {
        var normal = bits + Vector512.Create(HalfBits.Rebase);
        var sign = bits & Vector512.Create(HalfBits.Sign);
        var small = (normal + Vector512.Create(HalfBits.Step)).AsSingle() - (sign | Vector512.Create(HalfBits.SmallestNormal)).AsSingle();
        var isSmall = Vector512.Equals(bits & Vector512.Create(HalfBits.Exponent), Vector512<int>.Zero);
        return Vector512.ConditionalSelect(isSmall, small.AsInt32() | sign, normal).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FromCodes(byte* source, float scale, float bias)
    {
        var codes = Avx512F.ConvertToVector512Int32(Vector128.Load(source));
        return (Vector512.ConvertToSingle(codes) * Vector512.Create(scale)) + Vector512.Create(bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FromNibbles(ulong codes, float scale, float bias)
    {
        var halves = Avx512F.PermuteVar16x32(
            Vector512.CreateScalarUnsafe(codes).AsUInt32(), Vector512.Create(0u, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1));
        var shifted = Avx512F.ShiftRightLogicalVariable(halves, Vector512.Create(0u, 4, 8, 12, 16, 20, 24, 28, 0, 4, 8, 12, 16, 20, 24, 28));
        var values = Vector512.ConvertToSingle((shifted & Vector512.Create(0xFu)).AsInt32());
        return (values * Vector512.Create(scale)) + Vector512.Create(bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> left, Vector512<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, float* target) => value.Store(target);
}
