using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rectune.Engine.Kernels;

/// <summary>8 fp32 elements at a time: AVX2.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Vector256<float>>
{
    public static int Width => Vector256<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> FromSingles(float* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> FromHalves(ushort* source) => Rebased(Shifted(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> FromHalvesByProduct(ushort* source) => Shifted(source).AsSingle() * Vector256.Create(HalfBits.Scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Shifted(ushort* source) => (Avx2.ConvertToVector256Int32(Vector128.Load((short*)source)) << HalfBits.Shift) & Vector256.Create(HalfBits.Mask);

    /// <summary>The exact values of shifted halves, without an operand that is subnormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Rebased(Vector256<int> bits)
    {
        var normal = bits + Vector256.Create(HalfBits.Rebase);
        var sign = bits & Vector256.Create(HalfBits.Sign);
        var small = (normal + Vector256.Create(HalfBits.Step)).AsSingle() - (sign | Vector256.Create(HalfBits.SmallestNormal)).AsSingle();
        var isSmall = Vector256.Equals(bits & Vector256.Create(HalfBits.Exponent), Vector256<int>.Zero);
        return Vector256.ConditionalSelect(isSmall, small.AsInt32() | sign, normal).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> FromCodes(byte* source, float scale, float bias)
    {
        var codes = Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(source)).AsByte());
        return (Vector256.ConvertToSingle(codes) * Vector256.Create(scale)) + Vector256.Create(bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> FromNibbles(ulong codes, float scale, float bias)
    {
        var shifted = Avx2.ShiftRightLogicalVariable(Vector256.Create((uint)codes), Vector256.Create(0u, 4, 8, 12, 16, 20, 24, 28));
        var values = Vector256.ConvertToSingle((shifted & Vector256.Create(0xFu)).AsInt32());
        return (values * Vector256.Create(scale)) + Vector256.Create(bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> left, Vector256<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> value, float* target) => value.Store(target);
}
